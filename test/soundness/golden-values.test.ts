/**
 * The values that the paper authors' own code computes in float64, `../shared/golden`: through the reference interpreter and
 * through the emitted module. The files are no part of the repository; without them every test here is skipped, and says so.
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { interpret } from '../../compiler/5-program/interpret.ts';
import { lowerForward } from '../../compiler/5-program/lower-forward.ts';
import { mapRecord } from '../../compiler/shared/map-record.ts';
import type { RobustModel } from '../../runtime/contract.ts';
import { keyFrom } from '../../runtime/random/random-key.ts';
import { emittedModel, tensorsFor } from '../support/emitted-model.ts';
import { type GoldenCase, goldenCases, readGolden } from '../support/golden-network.ts';
import { useBackend } from '../support/run-on-backend.ts';
import { hasShared } from '../support/shared-data.ts';
import { certificateOf, planFor, programInputs, type StrategyCount } from './certificate.ts';
import { expectNear } from './expect-near.ts';
import { goldenSchedules } from './golden-schedules.ts';

/** The files hold 12 digits. Gradients are sums over the batch of products of many of them. */
const float64 = { values: 1e-9, gradients: 1e-7 };
const float32 = { values: 1e-4, gradients: 1e-3 };

interface Computed {
  readonly logits: ArrayLike<number>;
  readonly margins: ArrayLike<number>;
  readonly bounds: Readonly<Record<string, { readonly lower: ArrayLike<number>; readonly upper: ArrayLike<number> }>>;
  readonly crossEntropy: number;
  readonly error: number;
  readonly gradients: Readonly<Record<string, ArrayLike<number>>>;
}

function expectGolden(golden: GoldenCase, computed: Computed, tolerance: typeof float64): void {
  const { values, gradients } = tolerance;
  expectNear(computed.logits, golden.logits, values, 'the logits');
  expect(Object.keys(computed.bounds).sort()).toEqual(Object.keys(golden.bounds).sort());
  for (const [relu, { lower, upper }] of Object.entries(golden.bounds)) {
    expectNear(computed.bounds[relu]!.lower, lower, values, `the lower bounds of ${relu}`);
    expectNear(computed.bounds[relu]!.upper, upper, values, `the upper bounds of ${relu}`);
  }
  expectNear(computed.margins, golden.margins, values, 'J');
  expectNear([computed.crossEntropy], [golden.robustCrossEntropy], values, 'the robust cross entropy');
  const { length: examples } = golden.labels;
  expectNear([computed.error * examples], [golden.robustError * examples], 1e-6, 'the number of wrong examples');
  expect(Object.keys(computed.gradients).sort()).toEqual(Object.keys(golden.gradients).sort());
  for (const [name, wanted] of Object.entries(golden.gradients))
    expectNear(computed.gradients[name]!, wanted, gradients, `the gradient for ${name}`);
}

/** The loss's outputs `gradient.<parameter>`, by parameter. */
function gradientsOf<Output>(loss: Readonly<Record<string, Output>>): Record<string, Output> {
  const prefix = 'gradient.';
  const named = Object.entries(loss).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(named.map(([name, output]) => [name.slice(prefix.length), output]));
}

function valuesOf(model: RobustModel, golden: GoldenCase): Computed {
  let computed: Computed | undefined;
  tf.tidy(() => {
    const entries = (tensor: tf.Tensor): Float32Array => tensor.dataSync<'float32'>();
    const { params, x, labels } = tensorsFor(model, golden);
    const loss = model.robustLoss(params, x, labels, golden.epsilon, keyFrom(1));
    const bounds = mapRecord(model.bounds(params, x, golden.epsilon), ({ lower, upper }) => ({
      lower: entries(lower),
      upper: entries(upper),
    }));
    computed = {
      logits: entries(model.forward(params, x)),
      margins: entries(model.margins(params, x, labels, golden.epsilon)),
      bounds,
      crossEntropy: entries(loss.crossEntropy)[0]!,
      error: entries(loss.error)[0]!,
      gradients: mapRecord(loss.gradients, entries),
    };
  });
  return computed!;
}

for (const name of goldenCases) {
  describe.skipIf(!hasShared(`golden/${name}.json`))(`golden case ${name}`, () => {
    let golden: GoldenCase;
    beforeAll(() => {
      golden = readGolden(name);
    });
    const schedules = () => goldenSchedules(golden.graph);

    it('is met in float64 by every exact schedule', () => {
      const { logits } = interpret(lowerForward(golden.graph), programInputs(golden));
      for (const schedule of schedules()) {
        const planned = planFor(golden, schedule);
        const loss = interpret(planned.loss, programInputs(golden));
        const computed = {
          ...certificateOf(golden, planned),
          logits: logits!.data,
          crossEntropy: loss.crossEntropy!.data[0]!,
          error: loss.error!.data[0]!,
          gradients: mapRecord(gradientsOf(loss), ({ data }) => data),
        };
        expectGolden(golden, computed, float64);
      }
    });

    it('is met by schedules that take the ways they are named after', () => {
      const taken = Object.fromEntries(
        schedules().map((schedule): [string, StrategyCount] => [schedule.name, planFor(golden, schedule).strategies]),
      );
      expect(taken['backward in small chunks']!['backward in chunks']).toBeGreaterThan(0);
      expect(Object.keys(taken).includes('patches')).toBe(/^(conv|resnet)/.test(name));
      if (taken.patches === undefined) return;
      expect(taken.patches.patches).toBeGreaterThan(0);
      expect(taken['patches, one position at a time']!['patches in chunks']).toBeGreaterThan(0);
    });

    it('is met in float32 by the emitted module', async () => {
      await useBackend('wasm');
      for (const { bounds, memoryBytes } of schedules()) {
        const model = await emittedModel(golden.graph, {
          // The authors' code knows no rounding terms.
          arithmetic: 'real',
          bounds,
          memoryBytes,
          certifyBatch: golden.batch,
          trainBatch: golden.batch,
        });
        expectGolden(golden, valuesOf(model, golden), float32);
      }
    });
  });
}
