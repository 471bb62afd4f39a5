import type { ModelMeta } from '../contract.ts';
import { writeSafetensors } from '../weights/write-safetensors.ts';

/**
 * Writes what an attack found: `x` `[examples, …input shape]`, channels last, the point found or the example itself;
 * `labels` `[examples]`; `broken` `[examples]`, 1 where the point is misclassified. A file for `--inputs`. Raises as
 * `writeSafetensors` does.
 */
export async function saveAttack(
  file: string,
  { points, broken }: { readonly points: Float32Array; readonly broken: readonly boolean[] },
  labels: Int32Array,
  meta: ModelMeta,
): Promise<void> {
  const shape = [labels.length];
  await writeSafetensors(
    file,
    [
      { name: 'x', dtype: 'F32', shape: [...shape, ...meta.inputShape], data: points },
      { name: 'labels', dtype: 'I32', shape, data: labels },
      { name: 'broken', dtype: 'U8', shape, data: Uint8Array.from(broken, Number) },
    ],
    { layout: 'tfjs' },
  );
}
