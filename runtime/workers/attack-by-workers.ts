/** An attack by several threads. */
import { type AttackReport, checkAttack, type FoundPoints, reportAttack } from '../attack/attack-examples.ts';
import type { AttackExamplesOptions } from '../attack/attack-options.ts';
import type { Params, RobustModel } from '../contract.ts';
import type { Examples } from '../train/batches.ts';
import { atATime, partsOf } from './parts.ts';
import type { Workers } from './start-workers.ts';

/** As `attackExamples`, each batch in whichever thread is free: see `certifyByWorkers`. Random points are those of the example's number. */
export async function attackByWorkers(
  workers: Workers,
  model: RobustModel,
  params: Params,
  examples: Examples,
  asked: AttackExamplesOptions,
): Promise<AttackReport> {
  const { search, batch, onBatch } = await checkAttack(model, params, examples, asked);
  const count = examples.labels.length;
  const size = examples.values.length / count;
  const points = examples.values.slice();
  const broken = new Array<boolean>(count).fill(false);
  const notComputed: number[] = [];
  const place = (found: FoundPoints, first: number): void => {
    points.set(found.points, first * size);
    found.broken.forEach((fell, row) => {
      broken[first + row] = fell;
    });
    notComputed.push(...found.notComputed.map(example => first + example));
    notComputed.sort((a, b) => a - b);
  };
  let done = 0;
  await atATime(workers.workers, partsOf(examples, batch), async ({ first, count: examplesOfPart, name, ...part }) => {
    const task = { kind: 'attack', examples: part.examples(), part: { search, batch, first } } as const;
    const answer = await workers.run(task, name);
    if (answer.kind !== 'attack') throw new RangeError(`a worker was asked to attack, and answered ${answer.kind}`);
    place(answer.found, first);
    done += examplesOfPart;
    onBatch(done, broken.filter(Boolean).length);
  });
  return reportAttack({ broken, points, notComputed });
}
