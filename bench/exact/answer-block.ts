/** One block, checked on a backend, as an answer. */
import { selectBackend } from '../../runtime/backend/select-backend.ts';
import {
  checkExactBlock,
  printCounterexample,
  smallestCounterexample,
} from '../../test/soundness/exact/exact-block.ts';
import type { Answer, Order } from './setting.ts';

/** `minimise`: the network of a failure is made small. */
export async function answerBlock({ number, block, backend }: Order, minimise = false): Promise<Answer> {
  await selectBackend({ prefer: backend, source: '--backend' });
  const began = performance.now();
  const { tally, counterexample } = await checkExactBlock(block);
  const seconds = (performance.now() - began) / 1000;
  // Only where all is printed: it takes as long as some blocks.
  const printed =
    counterexample !== null && minimise
      ? await smallestCounterexample(counterexample, block.effort, 600)
      : counterexample;
  return {
    number,
    family: block.family,
    tally,
    failure: printed === null ? null : printCounterexample(printed),
    isRefuted: counterexample?.failures.some(({ isRefuted }) => isRefuted) ?? false,
    seconds,
  };
}
