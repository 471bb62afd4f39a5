/** The schedules that a network is checked under: every deterministic kind, whole and in chunks, through every relaxation. */
import type { Bound, DualNetwork } from '../../compiler/3-dual/dual.ts';
import { whyNot } from '../../compiler/4-schedule/applies.ts';
import { seededNumbers } from '../support/program-inputs.ts';
import type { PlanRequest } from './certificate.ts';

/** Memory that never forces a chunk, and memory that forces rows to walk one by one. */
export const roomy: number = 2 ** 30;
export const cramped = 1;

/** Plans of one group compute the same numbers in other ways. */
interface PlanGroup {
  /** Always taken: the others are compared with it. */
  readonly first: PlanRequest;
  readonly others: readonly PlanRequest[];
  /** How many of the others a network is checked under. */
  readonly drawn: number;
}

function groupsOf(dual: DualNetwork, seed: number): readonly PlanGroup[] {
  const alone = (name: string, bounds: string): PlanGroup => ({
    first: { name, bounds, memoryBytes: roomy },
    others: [],
    drawn: 0,
  });
  const crownPatches = `certify:crown,${patchesRequest(dual, 'patches/crown')}`;
  return [
    {
      first: { name: 'exact', bounds: 'certify:exact', memoryBytes: roomy },
      others: [
        { name: 'exact, rows one by one', bounds: 'exact', memoryBytes: cramped },
        { name: 'backward everywhere', bounds: 'backward', memoryBytes: 2000 },
        { name: 'patches wherever they apply', bounds: `certify:exact,${patchesRequest(dual)}`, memoryBytes: roomy },
        {
          name: 'patches, one position at a time',
          bounds: `certify:exact,${patchesRequest(dual)}`,
          memoryBytes: cramped,
        },
      ],
      drawn: 2,
    },
    {
      first: { name: 'crown', bounds: 'certify:crown', memoryBytes: roomy },
      others: [
        { name: 'crown, rows one by one', bounds: 'certify:crown', memoryBytes: cramped },
        { name: 'crown, backward everywhere', bounds: 'backward/crown', memoryBytes: 2000 },
        { name: 'crown, patches wherever they apply', bounds: crownPatches, memoryBytes: roomy },
        { name: 'crown, patches, one position at a time', bounds: crownPatches, memoryBytes: cramped },
      ],
      drawn: 1,
    },
    {
      first: { name: 'sparse', bounds: 'certify:exact', memoryBytes: roomy, sparse: { size: 3, atMost: 'all' } },
      others: [
        { name: 'sparse, all walk', bounds: 'certify:exact', memoryBytes: roomy, sparse: { size: 3, atMost: 'none' } },
        {
          name: 'sparse patches, one row at a time',
          bounds: `certify:backward,${patchesRequest(dual)}`,
          memoryBytes: roomy,
          sparse: { size: 1, atMost: 'all' },
        },
        {
          name: 'sparse patches, all walk',
          bounds: `certify:backward,${patchesRequest(dual)}`,
          memoryBytes: cramped,
          sparse: { size: 2, atMost: 'none' },
        },
      ],
      drawn: 1,
    },
    {
      first: {
        name: 'sparse, crown',
        bounds: `certify:crown,${patchesRequest(dual, 'patches/crown')}`,
        memoryBytes: roomy,
        sparse: { size: 2, atMost: 'all' },
      },
      others: [
        {
          name: 'sparse, crown, all walk',
          bounds: 'certify:crown',
          memoryBytes: roomy,
          sparse: { size: 2, atMost: 'none' },
        },
      ],
      drawn: 1,
    },
    alone('interval', 'interval'),
    seed % 2 === 0
      ? alone('the better of band and crown', 'certify:best(band, crown)')
      : alone('the better of interval and exact', 'certify:best(interval, exact)'),
    { first: { name: 'mixed', ...mixedRequest(dual, seed) }, others: [], drawn: 0 },
  ];
}

/** The plans of a network, a function of its seed: the first of each group, and some of the others behind it. */
export function plansOf(dual: DualNetwork, seed: number): readonly (readonly PlanRequest[])[] {
  const next = seededNumbers(seed + 11);
  return groupsOf(dual, seed).map(({ first, others, drawn }) => {
    const order = others.map(plan => ({ plan, place: next() })).sort((a, b) => a.place - b.place);
    return [first, ...order.slice(0, drawn).map(({ plan }) => plan)];
  });
}

/** Patches wherever they apply, to certify; the rest as by default. */
export const patchesRequest = (dual: DualNetwork, strategy: 'patches' | 'patches/crown' = 'patches'): string =>
  dual.bounds
    .filter(bound => takesPatches(bound, dual))
    .map(({ name }) => `certify:${name}=${strategy}`)
    .join(',');

const takesPatches = (bound: Bound, dual: DualNetwork): boolean => whyNot('patches', bound, dual, 'certify') === null;

const onMaps = [
  'sparse',
  'sparse/crown',
  'patches',
  'patches/crown',
  'best(patches, patches/crown)',
  'best(interval, patches/crown)',
];
const anywhere = [
  ...['interval', 'exact', 'crown', 'backward', 'backward/crown'],
  ...['best(band, crown)', 'best(interval, exact)', 'best(interval, backward/crown)', 'best(interval, band, crown)'],
];

/** A strategy of its own for every bound. */
function mixedRequest(dual: DualNetwork, seed: number): Omit<PlanRequest, 'name'> {
  const next = seededNumbers(seed + 5);
  const items = dual.bounds.map(bound => {
    const strategies = takesPatches(bound, dual) && next() < 0.5 ? onMaps : anywhere;
    return `certify:${bound.name}=${strategies[Math.floor(strategies.length * next())]}`;
  });
  return { bounds: items.join(','), memoryBytes: next() < 0.5 ? cramped : roomy };
}
