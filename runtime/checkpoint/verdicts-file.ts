/** What a stage of a cascade says of the examples that it was trained beside: decided once, so that a run that was cut goes on from it. */
import type { StageVerdicts } from '../cascade/cascade.ts';
import { InputError } from '../errors.ts';
import type { NamedTensor, TensorData } from '../weights/named-tensor.ts';
import { readSafetensors } from '../weights/read-safetensors.ts';
import { writeSafetensors } from '../weights/write-safetensors.ts';

/** Writes `classes` (int32), `margins` (float32) and `leads` (float64), `[examples]`, and `notComputed`, numbers of examples (int32). */
export async function saveVerdicts(
  file: string,
  { classes, margins, leads, notComputed }: StageVerdicts,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  const tensor = (name: string, dtype: NamedTensor['dtype'], data: TensorData): NamedTensor => ({
    name,
    dtype,
    shape: [data.length],
    data,
  });
  await writeSafetensors(
    file,
    [
      tensor('classes', 'I32', classes),
      tensor('margins', 'F32', margins),
      tensor('leads', 'F64', leads),
      tensor('notComputed', 'I32', Int32Array.from(notComputed)),
    ],
    metadata,
  );
}

/** Raises `InputError` for a file that does not hold those of `count` examples. */
export async function loadVerdicts(file: string, count: number): Promise<StageVerdicts> {
  const { tensors } = await readSafetensors(file);
  const read = <T extends TensorData>(name: string, kind: new (length: number) => T, length: number | null): T => {
    const data = tensors.get(name)?.data;
    if (!(data instanceof kind) || (length !== null && data.length !== length)) {
      throw new InputError(`${file} holds no ${name} of ${count} examples: remove it, and it is computed again`);
    }
    return data;
  };
  return {
    classes: read('classes', Int32Array, count),
    margins: read('margins', Float32Array, count),
    leads: read('leads', Float64Array, count),
    notComputed: [...read('notComputed', Int32Array, null)],
  };
}
