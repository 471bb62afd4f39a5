/**
 * What float32 makes of a sketch against what real numbers make of it, given the same bands: within the share of its sizes that a tail
 * bound is given. The terms are drawn so that a sum in order loses nearly all of the small ones.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { roundingTable } from '../../../compiler/4-schedule/rounding-terms.ts';
import { createBuilder } from '../../../compiler/5-program/builder.ts';
import { batch } from '../../../compiler/5-program/dim.ts';
import { interpret } from '../../../compiler/5-program/interpret.ts';
import { passTo } from '../../../compiler/5-program/lower/forward-pass.ts';
import { type Lowering, startLowering } from '../../../compiler/5-program/lower/lowering.ts';
import { sketchErrors } from '../../../compiler/5-program/lower/sketch-error.ts';
import { type Drawn, sketchPass } from '../../../compiler/5-program/lower/sketch-pass.ts';
import { gamma } from '../../../compiler/shared/float32.ts';
import { layerId } from '../../../compiler/shared/ids.ts';
import { emitProgram, emittedNoise, readEmitted } from '../../support/emitted-program.ts';
import { seededNumbers } from '../../support/program-inputs.ts';
import { useBackend } from '../../support/run-on-backend.ts';
import { textDual } from '../../support/text-graph.ts';

const features = 600;
const middle = 500;
const k = 8;
const dual = textDual(`
  x = input() : [${features}]
  dense1 = dense(x) {units: ${middle}, useBias: true} : [${middle}]
  relu1 = relu(dense1) : [${middle}]
  dense2 = dense(relu1) {units: 4, useBias: true} : [4]
  relu2 = relu(dense2) : [4]
  logits = dense(relu2) {units: 2, useBias: true} : [2]
  output logits`);
const roundings = roundingTable(dual.graph);
const errors = sketchErrors(dual.graph, id => roundings.get(id)!);

/** The sketch at `dense1` and `dense2`, and its sizes there, for bands that are given. */
function sketchProgram() {
  const b = createBuilder();
  const lowering: Lowering = startLowering(b, dual, { kind: 'float32', roundings });
  const given = (name: string, size: number) => b.source({ kind: 'param', name, shape: [batch, size] });
  lowering.ball = { centre: given('radius', features), radius: given('radius', features) };
  const [slope, radius] = [given('slope', middle), given('band', middle)];
  lowering.relaxations.band.set(layerId('relu1'), { form: 'band', slope, offset: radius, radius });
  const carried = (carries: Drawn['carries'], at: string) => {
    const drawn: Drawn = { k, isMerged: true, streamOf: layer => layer, carries };
    return passTo(layerId(at), sketchPass(lowering, drawn), new Map(), dual.layers).cauchy[0]!.value;
  };
  return b.finish('sketch', {
    'samples at dense1': carried('samples', 'dense1'),
    'samples at dense2': carried('samples', 'dense2'),
    'sizes at dense1': carried('sizes', 'dense1'),
    'sizes at dense2': carried('sizes', 'dense2'),
  });
}

const next = seededNumbers(3);
const single = (values: Iterable<number>): Float64Array => Float64Array.from(values, Math.fround);

/** One large term in front, all others 2⁻²⁵ of it: of the first draw, whose signs the weights have. */
function adversarial(): Record<string, Float64Array> {
  const draws = emittedNoise('x', 'cauchy', k * features);
  const size = (i: number): number => (i === 0 ? 1 : 0.49 * 2 ** -23 * (0.9 + 0.1 * next()));
  const radius = single(Array.from({ length: features }, (_, i) => size(i) / Math.abs(draws[i]!)));
  const w1 = single(Array.from({ length: features * middle }, (_, i) => Math.sign(draws[Math.floor(i / middle)]!)));
  return {
    radius,
    slope: single(Array.from({ length: middle }, next)),
    band: single(Array.from({ length: middle }, next)),
    'dense1.weight': w1,
    'dense1.bias': single(Array.from({ length: middle }, next)),
    'dense2.weight': single(Array.from({ length: 4 * middle }, () => next() - 0.5)),
    'dense2.bias': single([1, 2, 3, 4]),
  };
}

describe('a sketch in float32', () => {
  beforeAll(() => useBackend('wasm'));

  it('is off by no more than its share of its sizes, and by a good part of it where terms are chosen so', async () => {
    const program = sketchProgram();
    const given = { batchSize: 1, inputs: {}, params: adversarial(), noise: emittedNoise };
    const exact = interpret(program, given);
    const found = await readEmitted(emitProgram(program), program, given);
    for (const [at, least] of [
      ['dense1', 0.2],
      ['dense2', 0],
    ] as const) {
      const { share, slack } = errors.get(layerId(at))!;
      const used = exact[`samples at ${at}`]!.data.map((sample, i) => {
        const off = Math.abs(found[`samples at ${at}`]!.data[i]! - sample);
        return off / (share * (1 + slack) * found[`sizes at ${at}`]!.data[i]!);
      });
      expect(Math.max(...used), at).toBeLessThan(1);
      expect(Math.max(...used), at).toBeGreaterThan(least);
    }
  });

  it('has shares that add up along the way', () => {
    const share = (at: string): number => errors.get(layerId(at))!.share;
    expect(share('x')).toBe(gamma(1));
    expect(share('dense1')).toBeGreaterThanOrEqual(gamma(1) + gamma(features + 1));
    expect(share('relu1')).toBeGreaterThanOrEqual(share('dense1') + gamma(3));
    expect(share('dense2')).toBeGreaterThanOrEqual(share('relu1') + gamma(middle + 1));
    expect(share('dense2')).toBeLessThan(1.1 * (gamma(1) + gamma(3) + gamma(features + 2) + gamma(middle + 2)));
  });
});
