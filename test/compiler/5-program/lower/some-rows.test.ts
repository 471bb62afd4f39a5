/** Some of the rows of a bound, by a list that is known when the program runs: each walks as it does among all of them. */
import { beforeAll, describe, expect, it } from 'vitest';
import { buildDual } from '../../../../compiler/3-dual/build-dual.ts';
import { createBuilder } from '../../../../compiler/5-program/builder.ts';
import { checkProgram } from '../../../../compiler/5-program/check-program.ts';
import { interpret } from '../../../../compiler/5-program/interpret.ts';
import { lowerBall } from '../../../../compiler/5-program/lower/ball.ts';
import { startLowering } from '../../../../compiler/5-program/lower/lowering.ts';
import type { Met } from '../../../../compiler/5-program/lower/walk-dual.ts';
import { lowerBound } from '../../../../compiler/5-program/lower-bound.ts';
import { lowerBackward } from '../../../../compiler/5-program/strategies/backward.ts';
import { lowerPatches } from '../../../../compiler/5-program/strategies/patches.ts';
import type { TensorProgram } from '../../../../compiler/5-program/tensor-program.ts';
import { passList } from '../../../../compiler/6-passes/pass-list.ts';
import { runPasses } from '../../../../compiler/6-passes/run-passes.ts';
import { emitProgram, runEmitted } from '../../../support/emitted-program.ts';
import { expectClose } from '../../../support/expect-pass.ts';
import { randomInputs } from '../../../support/program-inputs.ts';
import { testedBackends, useBackend } from '../../../support/run-on-backend.ts';
import { convolutional, residual, textGraph } from '../../../support/text-graph.ts';

interface Subject {
  readonly text: string;
  readonly ball: string;
  readonly bound: string;
  readonly by: 'backward' | 'patches';
  readonly list: readonly number[];
  /** Rows, or positions, at once. */
  readonly size: number;
  readonly relaxation: Met['relaxation'];
}

/** What all rows of a bound reach (`all0`, …), what those of the list do (`some0`, …), and these in their places (`back0`, …). */
function programOf({ text, ball, bound: name, by, list, size, relaxation }: Subject): TensorProgram {
  const dual = buildDual(textGraph(`ball ${ball}\n${text}`));
  const b = createBuilder();
  const lowering = startLowering(b, dual, { kind: 'real' });
  lowerBall(lowering);
  const bound = dual.bounds.find(each => each.name === name)!;
  for (const earlier of dual.bounds.slice(0, dual.bounds.indexOf(bound)))
    lowerBound(lowering, earlier, { kind: 'interval' }, new Set([relaxation]));
  return b.within({ section: 'rows', layer: null, role: 'rows', span: null }, () => {
    const rows = b.source({ kind: 'vector', values: list });
    const sides = (['lower', 'upper'] as const).map((side): Met => ({ kind: 'relaxation', relaxation, side }));
    const asked = relaxation === 'band' ? sides.slice(0, 1) : sides;
    const walk = (some: typeof rows | null, at: number) =>
      by === 'backward'
        ? lowerBackward(lowering, bound, { chunk: at, rows: some }, asked)
        : lowerPatches(lowering, bound, { positions: at, rows: some }, asked);
    const channels = dual.layers.get(bound.of)!.shape.at(-1)!;
    const all = walk(null, by === 'backward' ? bound.rowCount : bound.rowCount / channels);
    const some = walk(rows, size);
    const back = some.map(({ value }) => b.append({ kind: 'scatteredRows', rows: bound.rowCount }, [value, rows]));
    return b.finish('rows', {
      ...Object.fromEntries(all.map(({ value }, i) => [`all${i}`, value])),
      ...Object.fromEntries(some.map(({ value }, i) => [`some${i}`, value])),
      ...Object.fromEntries(back.map((value, i) => [`back${i}`, value])),
    });
  });
}

/** Rows of whole positions of four channels. */
const positions = (...list: readonly number[]): number[] =>
  list.flatMap(position => [0, 1, 2, 3].map(row => (position < 0 ? -1 : 4 * position + row)));

const onMap = { text: convolutional, bound: 'relu3' } as const;
const subjects: readonly Subject[] = (['linf 0.1', 'l2 0.2'] as const).flatMap(ball =>
  (['band', 'crown'] as const).flatMap((relaxation): Subject[] => [
    { ...onMap, ball, relaxation, by: 'backward', list: [63, 0, 17, 5, 40, -1], size: 2 },
    { ...onMap, ball, relaxation, by: 'patches', list: positions(15, 0, 6, -1), size: 2 },
    { ...onMap, ball, relaxation, by: 'patches', list: positions(9), size: 1 },
    { text: convolutional, bound: 'relu4', ball, relaxation, by: 'backward', list: [9, 3, 2, -1], size: 4 },
    { text: residual, bound: 'after', ball, relaxation, by: 'backward', list: [2, 0, 3], size: 1 },
  ]),
);

/** The rows of the list among all, by the entries of `all` alone. */
function expectSome(
  outputs: Readonly<Record<string, { shape: number[]; data: Float64Array }>>,
  subject: Subject,
): void {
  for (const i of subject.relaxation === 'band' ? [0] : [0, 1]) {
    const [all, some, back] = [outputs[`all${i}`]!, outputs[`some${i}`]!, outputs[`back${i}`]!];
    const [batch = 0, ...layer] = all.shape;
    const rows = layer.reduce((product, dim) => product * dim, 1);
    expect(some.shape).toEqual([batch, subject.list.length]);
    const wanted = new Float64Array(batch * rows);
    for (let example = 0; example < batch; example++)
      subject.list.forEach((row, at) => {
        if (row < 0) return;
        const entry = all.data[example * rows + row]!;
        wanted[example * rows + row] = entry;
        expect(entry).toBeGreaterThan(0);
        expect(some.data[example * subject.list.length + at]! / entry).toBeCloseTo(1, 4);
      });
    expectClose(back.data, wanted, 1e-5, `result ${i}`);
  }
}

describe('some rows', () => {
  it.each(subjects)('$by of $bound, $relaxation, $ball, $list: those of all rows', subject => {
    const program = programOf(subject);
    checkProgram(program);
    expect(program.body.filter(({ op }) => op.kind === 'chunkedAt').length).toBe(1);
    expectSome(interpret(program, randomInputs(program, 2, 7)), subject);
  });
});

describe.each(testedBackends)('some rows on %s', backend => {
  beforeAll(() => useBackend(backend));

  it.each(subjects)('$by of $bound, $relaxation, $ball, $list: those of all rows, after all passes', subject => {
    const program = runPasses(programOf(subject), passList, () => {});
    const given = randomInputs(program, 2, 7);
    const outputs = runEmitted(emitProgram(program), program, given);
    const wanted = interpret(program, given);
    for (const [name, { data }] of Object.entries(wanted)) expectClose(outputs[name]!.data, data, 2e-5, name);
    expectSome(outputs as Parameters<typeof expectSome>[0], subject);
  });
});
