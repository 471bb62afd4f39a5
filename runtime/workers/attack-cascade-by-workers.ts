/** The attack through the certificates of a cascade, by several threads, which hold the weights of all stages. */
import type { CascadeAttackPart, FoundAnswers } from '../attack/attack-cascade.ts';
import type { Cascade } from '../cascade/cascade.ts';
import type { Examples } from '../train/batches.ts';
import { atATime, partsOf } from './parts.ts';
import type { Workers } from './start-workers.ts';

/** As `searchThroughCertificates`, each batch in whichever thread is free. */
export async function attackCascadeByWorkers(
  workers: Workers,
  cascade: Cascade,
  examples: Examples,
  { search, batch, first }: CascadeAttackPart,
  onBatch: (done: number, broken: number) => void,
): Promise<FoundAnswers> {
  const count = examples.labels.length;
  const size = examples.values.length / count;
  const points = examples.values.slice();
  const broken = new Array<boolean>(count).fill(false);
  const notComputed: number[] = [];
  let done = 0;
  await atATime(workers.workers, partsOf(examples, batch), async part => {
    const own = { search, batch, first: first + part.first };
    const task = { kind: 'cascadeAttack', cascade, examples: part.examples(), part: own } as const;
    const answer = await workers.run(task, part.name);
    if (answer.kind !== 'cascadeAttack') {
      throw new RangeError(`a worker was asked to attack a cascade, and answered ${answer.kind}`);
    }
    points.set(answer.found.points, part.first * size);
    answer.found.broken.forEach((fell, row) => {
      broken[part.first + row] = fell;
    });
    notComputed.push(...answer.found.notComputed.map(example => part.first + example));
    done += part.count;
    onBatch(done, broken.filter(Boolean).length);
  });
  return { broken, points, notComputed: notComputed.sort((a, b) => a - b) };
}
