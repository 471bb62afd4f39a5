/**
 * What a sketch carries forward, draw by draw: with one projection the estimate of the scale is the size of the one sample, which is a
 * sum over explicit matrices and the paper's bands; apart, the sizes of the samples of all layers. A mistake in any step of the pass is seen.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildDual } from '../../compiler/3-dual/build-dual.ts';
import { parseBoundsRequest } from '../../compiler/4-schedule/bounds-request.ts';
import { chooseSchedule } from '../../compiler/4-schedule/choose.ts';
import { interpret, type ProgramOutput } from '../../compiler/5-program/interpret.ts';
import { lowerCertificate } from '../../compiler/5-program/lower-margins.ts';
import type { TensorProgram } from '../../compiler/5-program/tensor-program.ts';
import { candidateCosts } from '../../compiler/candidate-cost.ts';
import type { Role } from '../../compiler/layers/definition.ts';
import { defaultOptions } from '../../compiler/options.ts';
import { assertNever } from '../../compiler/shared/assert.ts';
import type { LayerId } from '../../compiler/shared/ids.ts';
import { sizeOf } from '../../compiler/shared/shape.ts';
import type { Meaning } from '../support/layer-meaning.ts';
import { seededNormals } from '../support/program-inputs.ts';
import { type RandomNetwork, randomNetwork } from '../support/random-network.ts';
import { plainNetwork } from '../support/random-network-forward.ts';
import { boxAround } from '../support/sample-ball.ts';
import { programInputs } from './certificate.ts';
import { shortResults } from './mistakes-in-passes.ts';

type Values = Readonly<Record<string, ProgramOutput>>;

/** Of a stream: the same for every example. */
const draw = (stream: string, distribution: string, count: number): Float64Array =>
  seededNormals(31 * stream.length + distribution.length, count);

type Kind = 'sketch' | 'sketch:per-layer';

const sketchProgram = ({ graph }: RandomNetwork, kind: Kind): TensorProgram => {
  const dual = buildDual(graph);
  const names = dual.bounds.filter(({ rows }) => rows === 'identity').map(({ name }) => `train:${name}=${kind}`);
  const requests = parseBoundsRequest(['train:exact', ...names].join(','));
  const { train } = chooseSchedule(
    dual,
    { ...defaultOptions, requests, projections: 1, estimator: 'median' },
    candidateCosts(dual),
  );
  return lowerCertificate(dual, train);
};

/** By the layer whose draws they are of. */
interface Sample {
  readonly cauchy: ReadonlyMap<LayerId, Float64Array>;
  readonly normal: Float64Array;
}

/** Samples behind every layer, from the bounds that the program gives itself. */
function samplesOf({ graph, params }: RandomNetwork, x: Float64Array, example: number, found: Values) {
  const { meanings } = plainNetwork(graph, params);
  const samples = new Map<LayerId, Sample>();
  for (const { id, inputs, shape } of graph.layers) {
    const size = sizeOf(shape);
    const meaning = meanings.get(id)!;
    const own = inputs.map(input => samples.get(input)!);
    if (meaning.kind === 'input') {
      const [low, high] = boxAround(graph.ball, x);
      const isL2 = graph.ball.norm === 'l2';
      const ofBall = draw(id, 'cauchy', size).map((entry, i) => (entry * (high[i]! - low[i]!)) / 2);
      samples.set(id, {
        cauchy: isL2 ? new Map() : new Map([[id, ofBall]]),
        normal: isL2 ? draw(id, 'normal', size).map(entry => entry * graph.ball.epsilon) : new Float64Array(size),
      });
    } else if (meaning.kind === 'curve') {
      const { value } = meaning.curve;
      const end = (side: string, i: number): number => found[`bounds.${id}.${side}`]!.data[example * size + i]!;
      const bands = Array.from({ length: size }, (_, i) => {
        const [low, high] = [end('lower', i), end('upper', i)];
        if (low >= 0 || high <= 0) return { slope: high > 0 ? value(1) : -value(-1), radius: 0 };
        const slope = (value(high) - value(low)) / (high - low);
        return { slope, radius: (value(low) - slope * low) / 2 };
      });
      const sloped = (entries: Float64Array): Float64Array => entries.map((entry, i) => bands[i]!.slope * entry);
      const fresh = draw(id, 'cauchy', size).map((entry, i) => bands[i]!.radius * entry);
      const before = [...own[0]!.cauchy].map(([of, entries]) => [of, sloped(entries)] as const);
      samples.set(id, { cauchy: new Map([...before, [id, fresh]]), normal: sloped(own[0]!.normal) });
    } else {
      const through = (operands: readonly Float64Array[]): Float64Array => linear(meaning, size, operands);
      const sources = new Set(own.flatMap(({ cauchy }) => [...cauchy.keys()]));
      const of = (source: LayerId): Float64Array =>
        through(own.map(({ cauchy, normal }) => cauchy.get(source) ?? new Float64Array(normal.length)));
      samples.set(id, {
        cauchy: new Map([...sources].map(source => [source, of(source)])),
        normal: through(own.map(({ normal }) => normal)),
      });
    }
  }
  return samples;
}

function linear(meaning: Exclude<Meaning, { kind: 'input' | 'curve' }>, size: number, inputs: readonly Float64Array[]) {
  switch (meaning.kind) {
    case 'matrix': {
      const { to, from, weight } = meaning.map;
      const result = new Float64Array(size);
      to.forEach((row, i) => {
        result[row]! += weight[i]! * inputs[0]![from[i]!]!;
      });
      return result;
    }
    case 'sum':
      return inputs[0]!.map((_, i) => inputs.reduce((sum, input) => sum + input[i]!, 0));
    case 'joined':
      return Float64Array.from(meaning.entries, ({ operand, entry }) => inputs[operand]![entry]!);
    default:
      return assertNever(meaning);
  }
}

/** How many radii are not the size of the sample. */
function wrongRadii(network: RandomNetwork, kind: Kind, change: (program: TensorProgram) => TensorProgram): number {
  const { graph, batch } = network;
  const found = interpret(change(sketchProgram(network, kind)), { ...programInputs(network), noise: draw });
  const size = network.x.length / batch;
  let wrong = 0;
  for (let example = 0; example < batch; example++) {
    const x = network.x.subarray(example * size, (example + 1) * size);
    const samples = samplesOf(network, x, example, found);
    for (const { id, inputs, shape } of graph.layers) {
      const lower = found[`bounds.${id}.lower`]?.data;
      if (lower === undefined) continue;
      const { cauchy, normal } = samples.get(inputs[0]!)!;
      const entries = sizeOf(shape);
      for (let i = 0; i < entries; i++) {
        const at = example * entries + i;
        const [low, high] = [lower[at]!, found[`bounds.${id}.upper`]!.data[at]!];
        const own = [...cauchy.values()].map(entriesOf => entriesOf[i]!);
        const together = own.reduce((sum, entry) => sum + entry, 0);
        const apart = own.reduce((sum, entry) => sum + Math.abs(entry), 0);
        const wanted = (kind === 'sketch' ? Math.abs(together) : apart) + Math.abs(normal[i]!);
        // Subtraction of the ends loses what is small beside the centre.
        if (!(Math.abs((high - low) / 2 - wanted) <= 1e-9 * (1 + Math.abs(high) + Math.abs(low) + wanted))) wrong++;
      }
    }
  }
  return wrong;
}

const networks = fc.sample(randomNetwork, { seed: 61, numRuns: 60 });

const steps: { readonly [Each in Role]: readonly string[] } = {
  input: ['sketch', 'fresh sketch'],
  affine: ['sketch', 'normal sketch'],
  nonlinearity: ['sketch', 'normal sketch', 'fresh sketch'],
  sum: ['sketch'],
  concat: ['sketch'],
};

/** What is merged and what is of one layer have names of their own. */
const isStep = (role: string, value: string): boolean =>
  role === value || (value === 'sketch' && /^(?!fresh|normal)\S+ sketch$/.test(role));

describe.each(['sketch', 'sketch:per-layer'] as const)('a %s of one projection', kind => {
  const isWrong = (change: (program: TensorProgram) => TensorProgram): boolean =>
    networks.some(network => wrongRadii(network, kind, change) > 0);

  it('is the sample that goes forward through matrices and bands', () => {
    expect(isWrong(program => program)).toBe(false);
  });

  for (const [role, values] of Object.entries(steps))
    for (const value of values)
      it(`is another where ${value} is short at layers of the role ${role}`, () => {
        const change = shortResults((instr, { layer }) => layer === role && isStep(instr.origin.role, value));
        expect(isWrong(change)).toBe(true);
      });
});
