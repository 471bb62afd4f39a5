/** How long several calls take where each is made among the others. */
import * as tf from '@tensorflow/tfjs-core';

export interface InTurn {
  readonly rounds: number;
  readonly onRound: (done: number) => void;
  /** Awaited after each round, so that signals are heard and progress is drawn. */
  readonly nextTurn: () => Promise<void>;
}

/**
 * Milliseconds of each, on a backend that is done when a call returns. Each is run once in every round; of its times the first quartile counts: a
 * quarter of the rounds may have been lucky, and many a one met other programs.
 */
export async function timeInTurn(
  calls: readonly (() => tf.Tensor)[],
  { rounds, onRound, nextTurn }: InTurn,
): Promise<number[]> {
  const times = calls.map((): number[] => []);
  // The first round prepares what the others use, and is not counted.
  for (let round = 0; round <= rounds; round++) {
    onRound(Math.max(0, round - 1));
    for (const [index, call] of calls.entries()) {
      const began = performance.now();
      const result = call();
      const took = performance.now() - began;
      tf.dispose(result);
      if (round > 0) times[index]!.push(took);
    }
    await nextTurn();
  }
  onRound(rounds);
  return times.map(firstQuartile);
}

const firstQuartile = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 4)] ?? Number.NaN;
