/** What rows prove through every relaxation is what the usual form proves, bound by bound; and `best` is the better of its parts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildDual } from '../../../compiler/3-dual/build-dual.ts';
import type { RelaxationKind } from '../../../compiler/4-schedule/plan.ts';
import type { LayerId } from '../../../compiler/shared/ids.ts';
import { seededNumbers } from '../../support/program-inputs.ts';
import { type RandomNetwork, randomNetwork } from '../../support/random-network.ts';
import { plainNetwork } from '../../support/random-network-forward.ts';
import { type Certificate, certificateOf, planFor } from '../certificate.ts';
import { expectNear } from '../expect-near.ts';
import { cramped, patchesRequest, roomy } from '../plan-requests.ts';
import { writtenBounds } from './written-out.ts';

const tolerance = 1e-9;

interface Way {
  /** As after `--bounds`. */
  readonly bounds: string;
  readonly memoryBytes: number;
  /** By the name of the bound. */
  readonly kindsOf: (bound: string) => readonly RelaxationKind[];
}

/** One of the three for every bound, drawn. */
function mixed({ graph, seed }: RandomNetwork): Way {
  const next = seededNumbers(seed + 23);
  const choices = ['backward', 'backward/crown', 'best(backward, backward/crown)'] as const;
  const drawn = new Map(buildDual(graph).bounds.map(({ name }) => [name, choices[Math.floor(3 * next())]!]));
  const kinds = {
    backward: ['band'],
    'backward/crown': ['crown'],
    'best(backward, backward/crown)': ['band', 'crown'],
  } as const;
  return {
    bounds: [...drawn].map(([name, choice]) => `certify:${name}=${choice}`).join(','),
    memoryBytes: next() < 0.5 ? roomy : cramped,
    kindsOf: bound => kinds[drawn.get(bound)!],
  };
}

const ways: Readonly<Record<string, (network: RandomNetwork) => Way>> = {
  'bands everywhere': () => ({ bounds: 'certify:band', memoryBytes: roomy, kindsOf: () => ['band'] }),
  'CROWN everywhere': () => ({ bounds: 'certify:crown', memoryBytes: roomy, kindsOf: () => ['crown'] }),
  'CROWN on patches': ({ graph }) => ({
    bounds: `certify:crown,${patchesRequest(buildDual(graph), 'patches/crown')}`,
    memoryBytes: roomy,
    kindsOf: () => ['crown'],
  }),
  'the better of both everywhere': () => ({
    bounds: 'certify:best(band, crown)',
    memoryBytes: roomy,
    kindsOf: () => ['band', 'crown'],
  }),
  'one of these for every bound': mixed,
};

function compare(network: RandomNetwork, { bounds: request, memoryBytes, kindsOf }: Way): number {
  const planned = planFor(network, { name: 'written out', bounds: request, memoryBytes });
  const { bounds, margins } = certificateOf(network, planned);
  const plain = plainNetwork(network.graph, network.params);
  const nameOf = (id: LayerId | null): string => (id === null ? 'margins' : planned.dual.boundOfNonlinearity.get(id)!);
  const size = network.x.length / network.batch;
  const classes = margins.length / network.batch;
  let compared = 0;
  for (let example = 0; example < network.batch; example++) {
    const x = network.x.subarray(example * size, (example + 1) * size);
    const label = network.labels[example]!;
    const written = writtenBounds(network.graph, plain, x, label, id => kindsOf(nameOf(id)));
    const sizes = plain.magnitudes(x.map(entry => Math.abs(entry) + network.epsilon));
    const near = (found: number, wanted: number, largest: number, what: string): void => {
      compared++;
      if (!(Math.abs(found - wanted) <= tolerance * (1 + largest))) throw new Error(`${what}: ${found}, not ${wanted}`);
    };
    for (const [id, { lower, upper }] of written.bounds) {
      const input = network.graph.layers.find(layer => layer.id === id)!.inputs[0]!;
      for (const [i, wanted] of lower.entries()) {
        const at = example * lower.length + i;
        const largest = sizes.get(input)![i]!;
        near(bounds[id]!.lower[at]!, wanted, largest, `lower bound ${i} of ${id}`);
        near(bounds[id]!.upper[at]!, upper[i]!, largest, `upper bound ${i} of ${id}`);
      }
    }
    const largest = Math.max(...sizes.get(network.graph.output)!);
    for (const [i, wanted] of written.margins.entries())
      near(margins[example * classes + i]!, wanted, largest, `margin ${i}`);
  }
  return compared;
}

describe('bounds through relaxations', () => {
  it.each(Object.entries(ways))('are those of the usual form: %s', (_, wayOf) => {
    let compared = 0;
    fc.assert(
      fc.property(randomNetwork, network => {
        compared += compare(network, wayOf(network));
      }),
      { seed: 51, numRuns: 50 },
    );
    expect(compared).toBeGreaterThan(1000);
  });

  it('differ between band and CROWN, and neither is always the better one', () => {
    let [tighter, wider] = [0, 0];
    for (const network of fc.sample(randomNetwork, { seed: 51, numRuns: 50 })) {
      const [band, crown] = ['certify:band', 'certify:crown'].map(
        bounds => certificateOf(network, planFor(network, { name: bounds, bounds, memoryBytes: roomy })).margins,
      );
      band!.forEach((margin, i) => {
        if (crown![i]! > margin + 1e-6) tighter++;
        if (crown![i]! < margin - 1e-6) wider++;
      });
    }
    expect(tighter).toBeGreaterThan(10);
    expect(wider).toBeGreaterThan(10);
  });
});

/** Parts of `best` with what is written for both. */
const pairs = [
  ['interval', 'exact'],
  ['backward', 'backward/crown'],
  ['interval', 'backward/crown'],
] as const;

describe('the better of several bounds', () => {
  it.each(pairs)('is that of %s and %s, entry by entry', (first, second) => {
    let [fromFirst, fromSecond] = [0, 0];
    fc.assert(
      fc.property(randomNetwork, network => {
        const { bounds } = buildDual(network.graph);
        const { name, rows } = bounds[network.seed % bounds.length]!;
        // Only this bound differs, so that whatever it stands on is the same.
        const by = (strategy: string): Certificate => {
          const request = `certify:band,certify:${name}=${strategy}`;
          return certificateOf(network, planFor(network, { name: strategy, bounds: request, memoryBytes: roomy }));
        };
        const [a, b, better] = [by(first), by(second), by(`best(${first}, ${second})`)];
        const numbers = (own: Certificate): number[] =>
          rows === 'margins'
            ? [...own.margins]
            : [...own.bounds[name]!.lower, ...own.bounds[name]!.upper.map(end => -end)];
        const [ofA, ofB] = [numbers(a), numbers(b)];
        // What is not certified is added up, so that it has a gradient: not the same to the last bit.
        expectNear(
          numbers(better),
          ofA.map((value, i) => Math.max(value, ofB[i]!)),
          1e-13,
          name,
        );
        fromFirst += ofA.filter((value, i) => value > ofB[i]!).length;
        fromSecond += ofB.filter((value, i) => value > ofA[i]!).length;
      }),
      { seed: 53, numRuns: 60 },
    );
    expect(Math.min(fromFirst, fromSecond)).toBeGreaterThan(0);
  });
});
