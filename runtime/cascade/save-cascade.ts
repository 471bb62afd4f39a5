/** What a cascade answers and proves, example by example, in a safetensors file. */
import type { ModelMeta } from '../contract.ts';
import type { NamedTensor, TensorData } from '../weights/named-tensor.ts';
import { writeSafetensors } from '../weights/write-safetensors.ts';
import type { CascadeCertification } from './judge-cascade.ts';

/**
 * Writes, for `[examples]`: `labels`, `answers` (−1 for none) and `stages` (counted from 1; 0 for none), int32; `guaranteed`, 1 or 0; and for
 * each stage `stage-1.classes` (int32), `.margins` (float32, NaN where nothing is certified) and `.leads` (float64). Raises as
 * `writeSafetensors` does.
 */
export async function saveCascade(file: string, result: CascadeCertification, meta: ModelMeta): Promise<void> {
  const shape = [result.labels.length];
  const tensor = (name: string, dtype: NamedTensor['dtype'], data: TensorData): NamedTensor => ({
    name,
    dtype,
    shape,
    data,
  });
  await writeSafetensors(
    file,
    [
      tensor('labels', 'I32', result.labels),
      tensor(
        'answers',
        'I32',
        Int32Array.from(result.answers, answer => answer?.class ?? -1),
      ),
      tensor(
        'stages',
        'I32',
        Int32Array.from(result.answers, answer => (answer === null ? 0 : answer.stage + 1)),
      ),
      tensor('guaranteed', 'U8', Uint8Array.from(result.guaranteed, Number)),
      ...result.verdicts.flatMap(({ classes, margins, leads }, stage) => [
        tensor(`stage-${stage + 1}.classes`, 'I32', classes),
        tensor(`stage-${stage + 1}.margins`, 'F32', margins),
        tensor(`stage-${stage + 1}.leads`, 'F64', leads),
      ]),
    ],
    {
      epsilon: String(result.epsilon),
      norm: meta.ball.norm,
      rule: result.cascade.rule,
      sourceHash: meta.sourceHash,
      thresholds: JSON.stringify(result.cascade.thresholds),
    },
  );
}
