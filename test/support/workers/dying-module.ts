/** The toy model, whose first certificate, first attack and first robust loss end their thread: `DUALC_TEST_DEATHS` names a folder that remembers it. */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { toyModel } from '../toy-model.ts';

const model = toyModel({}, 0.5);

function dieOnce(of: string): void {
  const mark = path.join(process.env.DUALC_TEST_DEATHS ?? '', of);
  if (existsSync(mark)) return;
  writeFileSync(mark, '');
  process.exit(1);
}

export default {
  ...model,
  async certificate(...given: Parameters<typeof model.certificate>) {
    dieOnce('certificate');
    return model.certificate(...given);
  },
  inputGradient(...given: Parameters<typeof model.inputGradient>) {
    dieOnce('attack');
    return model.inputGradient(...given);
  },
  robustLoss(...given: Parameters<typeof model.robustLoss>) {
    dieOnce('loss');
    return model.robustLoss(...given);
  },
};
