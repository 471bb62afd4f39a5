/** What a soundness run is made of: blocks of networks, each with a seed of its own that depends on the run's seed and its number only. */
import type { Effort } from '../../test/soundness/attack-points.ts';
import type { Block, BlockResult } from '../../test/soundness/check-block.ts';

export const blockSize = 50;

export const effort: Effort = { samples: 40, neurons: 8, steps: 4 };

export function blockAt(
  number: number,
  { seed, networks }: { readonly seed: number; readonly networks: number },
): Block {
  return {
    // Spread over all 32-bit seeds, so that runs with neighbouring seeds share no block.
    seed: (Math.imul(seed, 0x9e3779b1) + Math.imul(number, 0x85ebca6b)) | 0,
    networks: Math.min(blockSize, networks - number * blockSize),
    effort,
  };
}

export const blockCount = (networks: number): number => Math.ceil(networks / blockSize);

/** The stages between graph and passes, the harness and the run itself: reading, emission and commands have no part in it. */
export const codeFolders: readonly string[] = [
  ...['shared', 'layers', '2-graph', '3-dual', '4-schedule', '5-program', '6-passes'].map(stage => `compiler/${stage}`),
  ...['test/soundness', 'test/support', 'bench/soundness'],
];

/** What a worker is told, and what it answers. */
export interface Order {
  readonly number: number;
  readonly block: Block;
}

export interface Answer extends BlockResult {
  readonly number: number;
  readonly seconds: number;
}
