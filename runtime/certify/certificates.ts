/** The numbers of certificates, example by example, before anything is counted. */
import * as tf from '@tensorflow/tfjs-core';
import type { Certificate, ModelMeta, Params, RobustModel } from '../contract.ts';
import { keyFrom } from '../random/random-key.ts';
import { certified, isFiniteRow } from '../statistics/verdict.ts';
import { type Examples, gatherBatch } from '../train/batches.ts';
import { forEachBatch } from './breakdown-proof-batches.ts';

/** Bounds of one nonlinearity's input for all examples, one after the other. */
export interface KeptBounds {
  /** Of one example. */
  readonly shape: readonly number[];
  readonly lower: Float32Array;
  readonly upper: Float32Array;
}

/** NaN where nothing is known. Plain data: it can be sent from one thread to another. */
export interface Certificates {
  /** The class that the margins of each example are of. */
  readonly classes: Int32Array;
  /** `J`, `[examples, classes]`: all NaN where an entry, or a logit, is not finite. */
  readonly margins: Float32Array;
  /** `[examples, classes]`. */
  readonly logits: Float32Array;
  /** By nonlinearity; null unless they were asked for. */
  readonly bounds: Readonly<Record<string, KeptBounds>> | null;
  /** Examples in which the backend broke down each time, in order. */
  readonly notComputed: number[];
}

export interface CertificateOptions {
  /** In the units of the network's input. */
  readonly epsilon: number;
  /** Examples at a time, at most. */
  readonly batch: number;
  readonly keepBounds: boolean;
  /** The class whose margins are wanted: the example's label, or the one that the network predicts. */
  readonly of: 'label' | 'prediction';
  /** Of the draws, which all examples share; null where the module makes none. */
  readonly seed: number | null;
}

/** Room for the certificates of `count` examples, of which nothing is known yet. */
export function noCertificates(meta: ModelMeta, count: number, keepBounds: boolean): Certificates {
  const unknown = (size: number): Float32Array => new Float32Array(count * size).fill(Number.NaN);
  return {
    classes: new Int32Array(count),
    margins: unknown(meta.classes),
    // Where the backend breaks down before it gives any, none of them counts as right.
    logits: unknown(meta.classes),
    bounds: keepBounds ? noBounds(meta, unknown) : null,
    notComputed: [],
  };
}

/**
 * Certifies examples in batches on the current backend; `onBatch` is told how many are done and how many of them are not
 * certified for their label; after a breakdown of the backend `alive` are put on the fresh one, with the parameters. Resolves to the certificates and the seconds that the module took.
 */
export async function computeCertificates(
  model: RobustModel,
  params: Params,
  examples: Examples,
  { epsilon, batch: batchSize, keepBounds, of, seed }: CertificateOptions,
  onBatch: (done: number, robustErrors: number) => void,
  alive: readonly tf.Tensor[] = [],
): Promise<{ readonly certificates: Certificates; readonly seconds: number }> {
  const { classes, inputShape } = model.meta;
  const count = examples.labels.length;
  const certificates = noCertificates(model.meta, count, keepBounds);
  const { classes: classesOf, margins, logits, bounds, notComputed } = certificates;
  const key = seed === null ? undefined : keyFrom(seed);
  let milliseconds = 0;
  let judged = 0;
  let robustErrors = 0;
  await forEachBatch({
    count,
    batch: batchSize,
    params,
    alive,
    async compute(indices) {
      const start = indices[0]!;
      const batch = gatherBatch(examples, indices, inputShape);
      const began = performance.now();
      const asked = of === 'label' ? { classes: batch.labels } : {};
      const given = await model.certificate(params, batch.x, epsilon, { ...asked, bounds: keepBounds, key });
      classesOf.set(await given.classes.data<'int32'>(), start);
      logits.set(await take(given.logits), start * classes);
      margins.set(await take(given.margins), start * classes);
      milliseconds += performance.now() - began;
      if (bounds !== null) await keepBoundsOf(given.bounds, bounds, start);
      tf.dispose([batch.x, batch.labels, given.classes]);
    },
    giveUp(example) {
      notComputed.push(example);
      margins.fill(Number.NaN, example * classes, (example + 1) * classes);
    },
    async computeLess(example) {
      const { x, labels } = gatherBatch(examples, Uint32Array.of(example), inputShape);
      logits.set(await take(model.forward(params, x)), example * classes);
      tf.dispose([x, labels]);
    },
    onBatch(done) {
      for (; judged < done; judged++) {
        const at = judged * classes;
        if (!isFiniteRow(margins, at, classes) || !isFiniteRow(logits, at, classes)) {
          margins.fill(Number.NaN, at, at + classes);
        }
        const label = examples.labels[judged]!;
        if (classesOf[judged] !== label || !certified(margins, at, classes, label)) robustErrors += 1;
      }
      onBatch(done, robustErrors);
    },
  });
  return { certificates, seconds: milliseconds / 1000 };
}

/** Puts the certificates of a part of the examples, which begins at number `first`, in their place among those of all. */
export function placeCertificates(
  whole: Certificates,
  part: Certificates,
  first: number,
  { classes }: ModelMeta,
): void {
  whole.classes.set(part.classes, first);
  whole.margins.set(part.margins, first * classes);
  whole.logits.set(part.logits, first * classes);
  for (const [name, { shape, lower, upper }] of Object.entries(part.bounds ?? {})) {
    const offset = first * tf.util.sizeFromShape([...shape]);
    boundsOf(whole.bounds ?? {}, name).lower.set(lower, offset);
    boundsOf(whole.bounds ?? {}, name).upper.set(upper, offset);
  }
  whole.notComputed.push(...part.notComputed.map(example => first + example));
  whole.notComputed.sort((a, b) => a - b);
}

/** The values of a tensor, which is disposed. */
async function take(tensor: tf.Tensor): Promise<Float32Array> {
  const values = await tensor.data<'float32'>();
  tensor.dispose();
  return values;
}

/** The shape of the input of a nonlinearity: that of its own output. */
function shapeOf(meta: ModelMeta, name: string): readonly number[] {
  const layer = meta.layers.find(candidate => candidate.name === name);
  if (layer === undefined) throw new RangeError(`the model lists the nonlinearity ${name} but no such layer`);
  return layer.shape;
}

function noBounds(meta: ModelMeta, unknown: (size: number) => Float32Array): Record<string, KeptBounds> {
  return Object.fromEntries(
    meta.nonlinearities.map(name => {
      const shape = shapeOf(meta, name);
      const size = tf.util.sizeFromShape([...shape]);
      return [name, { shape, lower: unknown(size), upper: unknown(size) }];
    }),
  );
}

async function keepBoundsOf(
  given: Certificate['bounds'],
  kept: Readonly<Record<string, KeptBounds>>,
  start: number,
): Promise<void> {
  for (const [name, { lower, upper }] of Object.entries(given ?? {})) {
    const target = boundsOf(kept, name);
    const offset = start * tf.util.sizeFromShape([...target.shape]);
    target.lower.set(await take(lower), offset);
    target.upper.set(await take(upper), offset);
  }
}

function boundsOf(kept: Readonly<Record<string, KeptBounds>>, name: string): KeptBounds {
  const bounds = kept[name];
  if (bounds === undefined) throw new RangeError(`the model gave bounds of ${name}, which it does not list`);
  return bounds;
}
