/** About forty networks of every shape, as modules on wasm, or the backend of the mode, against the interpreter. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileFor, type EmissionOptions, importModel } from '../../support/emitted-model.ts';
import { compareModel, expectationsFor, type Part } from '../../support/model-against-interpreter.ts';
import { type RandomNetwork, randomNetwork, smoothNetwork } from '../../support/random-network.ts';
import { onWebgpu, useBackend } from '../../support/run-on-backend.ts';

/** On WebGPU the first of them: every shape of an operation is a shader to compile. */
const numRuns = onWebgpu ? 6 : 25;

const plans: readonly EmissionOptions[] = [
  {},
  { bounds: 'backward', memoryBytes: 2000 },
  { bounds: 'exact', memoryBytes: 1 },
  { bounds: 'interval' },
  { bounds: 'train:sketch', projections: 5 },
  { bounds: 'train:sketch:per-layer', projections: 5 },
];

async function compare(network: RandomNetwork, plan: EmissionOptions, parts: readonly Part[]): Promise<void> {
  const compiled = compileFor(network.graph, { ...plan, certifyBatch: network.batch, trainBatch: network.batch });
  await compareModel(await importModel(compiled), expectationsFor(compiled, network, parts));
}

describe('modules of random networks', () => {
  beforeAll(() => useBackend('wasm'));

  it('have the logits, bounds and margins of the interpreter', async () => {
    await fc.assert(
      fc.asyncProperty(randomNetwork, fc.constantFrom(...plans), (network, plan) =>
        compare(network, plan, ['forward', 'certificate']),
      ),
      // The same networks each time, since what rounding may do is estimated.
      { numRuns, seed: 2 },
    );
  });

  it('have the losses and gradients of the interpreter', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(smoothNetwork, fc.constantFrom(...plans), async (network, plan) => {
        fc.pre(network.epsilon <= 1);
        await compare(network, plan, ['robustLoss', 'naturalLoss', 'inputGradient']);
        compared++;
      }),
      // The same networks each time: where a neuron's bound is within rounding of zero, its gradient may jump.
      { numRuns, seed: 4 },
    );
    expect(compared).toBe(numRuns);
  });
});
