/** The numbers of a certification, example by example, in a safetensors file. */
import type { ModelMeta } from '../contract.ts';
import { InputError } from '../errors.ts';
import { printBytes } from '../report/print-bytes.ts';
import type { NamedTensor } from '../weights/named-tensor.ts';
import { writeSafetensors } from '../weights/write-safetensors.ts';
import type { Certification } from './certify.ts';

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
 * `[examples, …layer shape]`, all float32, channels last; `labels` and `predictions` `[examples]`, int32; `certified`
 * `[examples]`, 1 or 0. Raises as `writeSafetensors` does.
 */
export async function saveCertification(file: string, result: Certification, meta: ModelMeta): Promise<void> {
  const count = result.certified.length;
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
    { epsilon: String(result.epsilon), layout: 'tfjs', norm: meta.ball.norm, sourceHash: meta.sourceHash },
  );
}
