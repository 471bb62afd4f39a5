/** Rows of a bound that are asked for when the program runs: each walks as it does among all of them, and where they are too many, all do. */
import { beforeAll, describe, expect, it } from 'vitest';
import { buildDual } from '../../../../compiler/3-dual/build-dual.ts';
import { createBuilder, type ProgramBuilder } from '../../../../compiler/5-program/builder.ts';
import { checkProgram } from '../../../../compiler/5-program/check-program.ts';
import { batch } from '../../../../compiler/5-program/dim.ts';
import { interpret } from '../../../../compiler/5-program/interpret.ts';
import { lowerBall } from '../../../../compiler/5-program/lower/ball.ts';
import type { WalkingRows } from '../../../../compiler/5-program/lower/in-chunks.ts';
import { startLowering } from '../../../../compiler/5-program/lower/lowering.ts';
import type { Met } from '../../../../compiler/5-program/lower/walk-dual.ts';
import { lowerBound } from '../../../../compiler/5-program/lower-bound.ts';
import { lowerBackward } from '../../../../compiler/5-program/strategies/backward.ts';
import { lowerPatches } from '../../../../compiler/5-program/strategies/patches.ts';
import type { TensorProgram } from '../../../../compiler/5-program/tensor-program.ts';
import { passList } from '../../../../compiler/6-passes/pass-list.ts';
import { runPasses } from '../../../../compiler/6-passes/run-passes.ts';
import type { ValueId } from '../../../../compiler/shared/ids.ts';
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
  /** Rows at once. */
  readonly size: number;
  readonly relaxation: Met['relaxation'];
}

/** What all rows of a bound reach (`all0`, …), those that are asked for (`some0`, …), and what takes their place (`rest0`, …), with how many may be asked for. */
function programOf({ text, ball, bound: name, by, size, relaxation }: Subject, atMost: 'all' | 'none'): TensorProgram {
  const dual = buildDual(textGraph(`ball ${ball}\n${text}`));
  const b = createBuilder();
  const lowering = startLowering(b, dual, { kind: 'real' });
  lowerBall(lowering);
  const bound = dual.bounds.find(each => each.name === name)!;
  const { rowCount } = bound;
  for (const earlier of dual.bounds.slice(0, dual.bounds.indexOf(bound)))
    lowerBound(lowering, earlier, { kind: 'interval' }, new Set([relaxation]));
  return b.within({ section: 'rows', layer: null, role: 'rows', span: null }, () => {
    const sides = (['lower', 'upper'] as const).map((side): Met => ({ kind: 'relaxation', relaxation, side }));
    const given = relaxation === 'band' ? sides.slice(0, 1) : sides;
    const walk = (walking: WalkingRows) =>
      by === 'backward'
        ? lowerBackward(lowering, bound, walking, given)
        : lowerPatches(lowering, bound, walking, given);
    const asked = askedOf(b, dual.layers.get(dual.graph.input)!.shape, rowCount);
    const most = atMost === 'all' ? rowCount : 0;
    const channels = dual.layers.get(bound.of)!.shape.at(-1)!;
    const chunk = by === 'patches' ? channels : rowCount;
    const results = {
      all: walk({ kind: 'all', size: rowCount }),
      some: walk({ kind: 'asked', asked, size, atMost: most }),
      rest: walk({ kind: 'unlessAsked', asked, size: chunk, atMost: most }),
    };
    const named = Object.entries(results).flatMap(([of, norms]) =>
      norms.map(({ value }, i) => [`${of}${i}`, b.reshape(value, [batch, rowCount])] as const),
    );
    return b.finish('rows', { ...Object.fromEntries(named), asked });
  });
}

/** About a third of the rows, some of them for one example only. */
function askedOf(b: ProgramBuilder, shape: readonly number[], rows: number): ValueId {
  const x = b.source({ kind: 'input', name: 'x', shape: [batch, ...shape] });
  const size = shape.reduce((product, dim) => product * dim, 1);
  const first = b.slice(b.reshape(x, [batch, size]), 1, 0, 1);
  const sign = b.unary('sign', b.binary('sub', first, b.constant(0.5)));
  const values = Array.from({ length: rows }, (_, row) => [-2, -0.5, 2, -2, 0.5, -2, -2][row % 7]!);
  const list = b.source({ kind: 'vector', values });
  return b.unary('step', b.binary('add', b.reshape(list, [1, rows]), sign));
}

const onMap = { text: convolutional, bound: 'relu3' } as const;
const subjects: readonly Subject[] = (['linf 0.1', 'l2 0.2'] as const).flatMap(ball =>
  (['band', 'crown'] as const).flatMap((relaxation): Subject[] => [
    { ...onMap, ball, relaxation, by: 'backward', size: 5 },
    { ...onMap, ball, relaxation, by: 'patches', size: 3 },
    { ...onMap, ball, relaxation, by: 'patches', size: 64 },
    { text: convolutional, bound: 'relu4', ball, relaxation, by: 'backward', size: 4 },
    { text: residual, bound: 'after', ball, relaxation, by: 'backward', size: 1 },
  ]),
);

interface Output {
  readonly data: ArrayLike<number>;
}

function expectSome(outputs: Readonly<Record<string, Output>>, subject: Subject, atMost: 'all' | 'none'): void {
  const asked = Array.from(outputs.asked!.data);
  expect(new Set(asked)).toEqual(new Set([0, 1]));
  for (const i of subject.relaxation === 'band' ? [0] : [0, 1]) {
    const [all, some, rest] = ['all', 'some', 'rest'].map(of => Array.from(outputs[`${of}${i}`]!.data));
    expect(Math.min(...all!)).toBeGreaterThan(0);
    const nothing = all!.map(() => 0);
    const wanted = atMost === 'all' ? [all!.map((entry, at) => entry * asked[at]!), nothing] : [nothing, all!];
    expectClose(Float64Array.from(some!), wanted[0]!, 1e-5, `some ${i}`);
    expectClose(Float64Array.from(rest!), wanted[1]!, 1e-5, `rest ${i}`);
  }
}

const both = ['all', 'none'] as const;

describe('rows that are asked for', () => {
  it.each(subjects)('$by of $bound, $relaxation, $ball, $size at a time: those of all rows', subject => {
    for (const atMost of both) {
      const program = programOf(subject, atMost);
      checkProgram(program);
      expectSome(interpret(program, randomInputs(program, 3, 7)), subject, atMost);
    }
  });
});

describe.each(testedBackends)('rows that are asked for on %s', backend => {
  beforeAll(() => useBackend(backend));

  it.each(subjects)(
    '$by of $bound, $relaxation, $ball, $size at a time: those of all rows, after all passes',
    subject => {
      for (const atMost of both) {
        const program = runPasses(programOf(subject, atMost), passList, () => {});
        const given = randomInputs(program, 3, 7);
        const outputs = runEmitted(emitProgram(program), program, given);
        const wanted = interpret(program, given);
        for (const [name, { data }] of Object.entries(wanted)) expectClose(outputs[name]!.data, data, 2e-5, name);
        expectSome(outputs, subject, atMost);
      }
    },
  );
});
