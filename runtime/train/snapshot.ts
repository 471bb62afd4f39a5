/** The state of a run between two steps: all that its future depends on, apart from settings, model and data. */
import * as tf from '@tensorflow/tfjs-core';
import { checkBackend } from '../border/check-backend.ts';
import { showValue } from '../border/show-value.ts';
import { InputError } from '../errors.ts';
import { checkWeights } from '../weights/check-weights.ts';
import type { Weight, Weights } from '../weights/weights-from.ts';
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

/** Copies tensors out of tfjs. Raises `InputError` for what is no tensor. */
export async function readTensors(tensors: Readonly<Record<string, tf.Tensor>>): Promise<Record<string, Weight>> {
  if (typeof tensors !== 'object' || tensors === null) {
    throw new InputError(`readTensors: tensors is ${showValue(tensors)}: it needs tensors by name`);
  }
  const read: Record<string, Weight> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    if (!(tensor instanceof tf.Tensor))
      throw new InputError(`readTensors: ${name} is ${showValue(tensor)}, not a tensor`);
    read[name] = { shape: tensor.shape, data: (await tensor.data<'float32'>()).slice() };
  }
  return read;
}

/** The inverse of `readTensors`; the caller disposes the tensors. Raises `InputError` for values that do not fill their shape, and before a backend is selected. */
export function makeTensors(tensors: Weights): Record<string, tf.Tensor> {
  checkBackend('makeTensors');
  checkWeights(tensors, 'makeTensors: weights');
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape], 'float32')]),
  );
}
