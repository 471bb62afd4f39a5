/** The numbers of a certification, example by example, in a safetensors file. */
import { text } from '../border/argument-schemas.ts';
import { checkArgument } from '../border/check-argument.ts';
import { checkMeta } from '../border/check-model.ts';
import { showValue } from '../border/show-value.ts';
import type { ModelMeta } from '../contract.ts';
import { InputError } from '../errors.ts';
import { printBytes } from '../report/print-bytes.ts';
import { proofMetadata } from '../report/probability-report.ts';
import type { NamedTensor } from '../weights/named-tensor.ts';
import { writeSafetensors } from '../weights/write-safetensors.ts';
import type { Certification } from './certification.ts';

/** What a reader of such files can take in at once. */
const largestFile = 2 ** 31;

/** Bytes of the file for `count` examples. Raises `InputError` beyond 2 GiB. */
export function savedBytes(meta: ModelMeta, count: number): number {
  const units = meta.layers
    .filter(({ name }) => meta.nonlinearities.includes(name))
    .reduce((sum, { shape }) => sum + shape.reduce((product, dim) => product * dim, 1), 0);
  const bytes = 4 * count * (2 * units + 2 * meta.classes + 3);
  if (bytes > largestFile) {
    throw new InputError(
      `--save: the bounds of ${count} examples take ${printBytes(bytes)}, and the file may have 2 GiB; use --limit`,
    );
  }
  return bytes;
}

/**
 * Writes `J` and `logits` `[examples, classes]` and, when they were kept, `bounds.<layer>.lower` and `.upper`
 * `[examples, …layer shape]`, all float32, channels last; `labels` and `predictions` `[examples]`, int32; `certified` `[examples]`, 1 or
 * 0. The metadata `proof` is `exact`, or `probability`: then `J` and bounds hold with probability `1 − delta` for each example by itself, over the
 * draws of `seed`, and `estimates`, `projections`, `estimators`, `tail` say how. `J` of an example that overflowed is NaN for every class; the metadata `notFinite` counts such examples. Raises `InputError` for a
 * result of another network, and what `writeSafetensors` does.
 */
export async function saveCertification(file: string, result: Certification, meta: ModelMeta): Promise<void> {
  checkArgument(text, file, 'saveCertification: file');
  checkMeta(meta, 'saveCertification');
  const count = result?.certified?.length;
  if (result?.margins?.length !== count * meta.classes) {
    throw new InputError(
      `saveCertification: result is ${showValue(result)}, and no certification of a network with ${meta.classes} classes: it needs what certify gave`,
    );
  }
  const tensor = (name: string, shape: readonly number[], data: Float32Array): NamedTensor => ({
    name,
    dtype: 'F32',
    shape: [count, ...shape],
    data,
  });
  const bounds = Object.entries(result.bounds ?? {}).flatMap(([layer, { shape, lower, upper }]) => [
    tensor(`bounds.${layer}.lower`, shape, lower),
    tensor(`bounds.${layer}.upper`, shape, upper),
  ]);
  await writeSafetensors(
    file,
    [
      tensor('J', [meta.classes], result.margins),
      tensor('logits', [meta.classes], result.logits),
      { name: 'labels', dtype: 'I32', shape: [count], data: result.labels },
      { name: 'predictions', dtype: 'I32', shape: [count], data: result.predictions },
      { name: 'certified', dtype: 'U8', shape: [count], data: Uint8Array.from(result.certified, Number) },
      ...bounds,
    ],
    {
      epsilon: String(result.epsilon),
      layout: 'tfjs',
      norm: meta.ball.norm,
      notFinite: String(result.notFinite),
      ...proofMetadata(meta, result.seed),
      sourceHash: meta.sourceHash,
    },
  );
}
