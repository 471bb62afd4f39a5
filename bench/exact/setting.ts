/** What an exact run is made of: blocks of networks of one structure, with families in turn, each a function of the run's seed and its number. */
import { families } from '../../test/soundness/exact/draw-subject.ts';
import type { ExactBlock } from '../../test/soundness/exact/exact-block.ts';
import type { ExactTally } from '../../test/soundness/exact/exact-tally.ts';
import type { ExactEffort } from '../../test/soundness/exact/observe.ts';

export const blockSize = 20;

export const effort: ExactEffort = { points: 12, steps: 4, neurons: 3, pieces: 60, rounded: 6 };
/** Changes tried to make a network worse. */
export const climbs = 30;

/** What computes the claims: those backends on which a network with convolutions is certified. */
export const exactBackends = ['wasm', 'native', 'cpu'] as const;
export type ExactBackend = (typeof exactBackends)[number];

export interface RunSettings {
  readonly seed: number;
  readonly networks: number;
  /** Only this family; null for all. */
  readonly family: string | null;
  readonly backend: ExactBackend;
}

export function blockAt(number: number, { seed, networks, family }: Omit<RunSettings, 'backend'>): ExactBlock {
  return {
    family: family ?? families[number % families.length]!,
    // Spread over all 32-bit seeds, so that runs with neighbouring seeds share no block.
    seed: (Math.imul(seed, 0x9e3779b1) + Math.imul(number + 1, 0x85ebca6b)) | 0,
    networks: Math.min(blockSize, networks - number * blockSize),
    effort,
    climbs,
  };
}

export const blockCount = (networks: number): number => Math.ceil(networks / blockSize);

/** Everything that has a part in what the emitted module computes, and the oracle. */
export const codeFolders: readonly string[] = [
  ...['shared', '2-graph', '3-dual', '4-schedule', '5-program', '6-passes', '7-emit'].map(stage => `compiler/${stage}`),
  ...['runtime/ops', 'runtime/native', 'test/soundness', 'test/support', 'bench/exact'],
];

/** What a worker is told, and what it answers. */
export interface Order {
  readonly number: number;
  readonly block: ExactBlock;
  readonly backend: ExactBackend;
}

export interface Answer {
  readonly number: number;
  readonly family: string;
  readonly tally: ExactTally;
  /** The worst network of the block about which something false is claimed, and what. */
  readonly failure: string | null;
  /** It has a false certificate. */
  readonly isRefuted: boolean;
  readonly seconds: number;
}
