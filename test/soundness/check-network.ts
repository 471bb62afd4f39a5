/**
 * Soundness of one network under every deterministic kind of schedule: no point of the ball leaves a bound, schedules that
 * compute the same in other ways agree with each other, and no verifier refuses a program. Nothing is said about interval against dual bounds:
 * neither contains the other.
 */
import { hasRole } from '../../compiler/2-graph/roles.ts';
import { buildDual } from '../../compiler/3-dual/build-dual.ts';
import type { LayerId } from '../../compiler/shared/ids.ts';
import { sizeOf } from '../../compiler/shared/shape.ts';
import { seededNumbers } from '../support/program-inputs.ts';
import type { RandomNetwork } from '../support/random-network.ts';
import { plainNetwork } from '../support/random-network-forward.ts';
import { boxAround } from '../support/sample-ball.ts';
import { attackedValues, type Effort } from './attack-points.ts';
import { type Certificate, certificateOf, type Mistake, planFor, type StrategyCount } from './certificate.ts';
import { nameOf } from './coverage.ts';
import { plansOf } from './plan-requests.ts';

/**
 * Rounding allowed, as a share of the sum of the sizes of all that was added up: adding n numbers is wrong by at most
 * n·2⁻⁵³ of that sum, and a value passes through some ten layers of at most a hundred terms. The absolute part is for
 * √(0 + 1e-30), times the largest radius, 100.
 */
export const relativeTolerance = 1e-13;
export const absoluteTolerance = 1e-13;

export interface Findings {
  readonly points: number;
  /** Comparisons of one number at one point with one end of a bound. */
  readonly comparisons: number;
  /** Bounds, over all schedules and examples: an activation's two ends, and margins. */
  readonly bounds: number;
  /** Largest excess over a bound, and largest difference of two exact schedules, each as a share of what is allowed. */
  readonly worstExcess: number;
  readonly worstDifference: number;
  readonly strategies: StrategyCount;
  /** Bounds of whole layers by what they were computed through; see `coverage.ts`. */
  readonly coverage: Readonly<Record<string, number>>;
}

/** Throws an `Error` that says which point leaves which bound of which schedule, and by how much. */
export function checkNetwork(network: RandomNetwork, effort: Effort, mistake: Mistake = {}): Findings {
  const { graph, batch } = network;
  const plain = plainNetwork(graph, network.params);
  const strategies: StrategyCount = {};
  const coverage: Record<string, number> = {};
  const certificates = plansOf(buildDual(graph), network.seed).flatMap(group =>
    group.map(request => {
      const planned = planFor(network, request, { mistake });
      for (const [kind, count] of Object.entries(planned.strategies))
        strategies[kind] = (strategies[kind] ?? 0) + count;
      for (const name of planned.cells.map(nameOf)) coverage[name] = (coverage[name] ?? 0) + 1;
      return { request, first: group[0]!, certificate: certificateOf(network, planned) };
    }),
  );
  const size = network.x.length / batch;
  const example = (index: number): Float64Array => network.x.subarray(index * size, (index + 1) * size);
  const next = seededNumbers(network.seed + 3);
  const nonlinearities = graph.layers.filter(layer => hasRole(layer, 'nonlinearity'));
  const classes = sizeOf(graph.layers.find(({ id }) => id === graph.output)!.shape);
  let [points, comparisons, worstExcess, worstDifference] = [0, 0, 0, 0];

  for (let index = 0; index < batch; index++) {
    const x = example(index);
    const [lower, upper] = boxAround(graph.ball, x);
    const magnitudes = plain.magnitudes(x.map((_, i) => Math.max(Math.abs(lower[i]!), Math.abs(upper[i]!))));
    const allowed = (layer: LayerId, entry: number): number =>
      relativeTolerance * magnitudes.get(layer)![entry]! + absoluteTolerance;
    const label = network.labels[index]!;
    const allowedForMargin = (other: number): number => allowed(graph.output, label) + allowed(graph.output, other);

    for (const { request, first, certificate } of certificates) {
      if (request === first) continue;
      const same = certificates.find(other => other.request === first)!.certificate;
      eachEntry(certificate, (name, end, at, value, tolerance) => {
        const wanted = end === 'margin' ? same.margins[at]! : same.bounds[name]![end][at]!;
        const share = Math.abs(value - wanted) / tolerance;
        worstDifference = Math.max(worstDifference, share);
        if (!(share <= 1))
          throw new Error(
            `'${first.name}' and '${request.name}' disagree: ${name}, ${end}, entry ${at}: ${wanted} and ${value}; allowed ${tolerance}`,
          );
      });
    }

    for (const values of attackedValues(network, plain, x, index, effort, next)) {
      points++;
      for (const { request, certificate } of certificates)
        eachEntry(certificate, (name, end, at, bound, tolerance, of) => {
          const value = of(values);
          const share = (end === 'upper' ? value - bound : bound - value) / tolerance;
          comparisons++;
          worstExcess = Math.max(worstExcess, share);
          if (!(share <= 1))
            throw new Error(
              `schedule '${request.name}' (${request.bounds}): ${name}, entry ${at} of the batch, is ${value} ` +
                `at a point of the ball, and its ${end} bound is ${bound}; allowed rounding ${tolerance}\n` +
                `point ${[...values.get(graph.input)!].join(' ')}`,
            );
        });
    }

    type Visit = (
      name: string,
      end: 'lower' | 'upper' | 'margin',
      at: number,
      value: number,
      tolerance: number,
      of: (values: ReadonlyMap<LayerId, Float64Array>) => number,
    ) => void;

    /** Every number of the certificate that speaks of this example. */
    function eachEntry(certificate: Certificate, visit: Visit): void {
      for (const { id, inputs, shape } of nonlinearities) {
        const input = inputs[0]!;
        const entries = sizeOf(shape);
        for (let entry = 0; entry < entries; entry++)
          for (const end of ['lower', 'upper'] as const) {
            const at = index * entries + entry;
            const value = certificate.bounds[id]![end][at]!;
            visit(id, end, at, value, allowed(input, entry), values => values.get(input)![entry]!);
          }
      }
      for (let other = 0; other < classes; other++) {
        const at = index * classes + other;
        visit('margins', 'margin', at, certificate.margins[at]!, allowedForMargin(other), values => {
          const logits = values.get(graph.output)!;
          return logits[label]! - logits[other]!;
        });
      }
    }
  }
  const entries = nonlinearities.reduce((sum, { shape }) => sum + 2 * sizeOf(shape), classes);
  return {
    points,
    comparisons,
    bounds: entries * batch * certificates.length,
    worstExcess,
    worstDifference,
    strategies,
    coverage,
  };
}
