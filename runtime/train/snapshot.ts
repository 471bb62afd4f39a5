/** The state of a run between two steps: all that its future depends on, apart from settings, model and data. */
import * as tf from '@tensorflow/tfjs-core';
import type { Weight, Weights } from '../weights/load-weights.ts';
import { type EpochTotals, emptyTotals } from './epoch-totals.ts';

export interface Position {
  /** Epochs done. */
  readonly epoch: number;
  /** Batches done in the epoch under way. */
  readonly step: number;
  /** Updates done in all epochs; numbers the random draws and Adam's bias correction. */
  readonly updates: number;
  /** Seconds of training, pauses between runs not counted. */
  readonly seconds: number;
  readonly totals: EpochTotals;
}

export const startPosition: Position = { epoch: 0, step: 0, updates: 0, seconds: 0, totals: emptyTotals };

export interface Snapshot {
  readonly position: Position;
  readonly params: Weights;
  readonly optimizer: Weights;
}

/** Copies tensors out of tfjs. */
export function readTensors(tensors: Readonly<Record<string, tf.Tensor>>): Record<string, Weight> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [
      name,
      { shape: tensor.shape, data: tensor.dataSync<'float32'>().slice() },
    ]),
  );
}

/** The inverse of `readTensors`; the caller disposes the tensors. */
export function makeTensors(tensors: Weights): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape], 'float32')]),
  );
}
