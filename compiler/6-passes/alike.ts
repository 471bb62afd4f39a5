/**
 * Bodies of the programs of a module that do the same with other values and other numbers: they can become one function. That function frees
 * what is large for any of those who call it.
 */
import { isSource } from '../5-program/op-table.ts';
import { blockOf, freeValues } from '../5-program/operands.ts';
import type { Block, Instr, Op, OpOf, TensorProgram } from '../5-program/tensor-program.ts';
import { addTo } from '../shared/add-to.ts';
import { found, invariant } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import { alsoExported, alsoResults } from './also-returned.ts';
import { freedInside } from './freed-inside.ts';
import { defaultLargeSizes, type ForOthers, isLargeTensor } from './liveness.ts';
import { type FreedInside, outline, withConsumed } from './outline.ts';
import { splitProgram } from './scopes.ts';
import { definitionsOf, outlinedIn, structureOf } from './structure.ts';

interface Body {
  readonly program: string;
  readonly instrs: readonly Instr[];
  readonly results: readonly ValueId[];
  /** Values from outside that it frees. */
  readonly consumed: readonly ValueId[];
}

export interface SharedPrograms {
  /** In the same order, with the parts outlined that are taken more than once. */
  readonly programs: readonly TensorProgram[];
  /** By program. */
  readonly forOthers: ReadonlyMap<string, ForOthers>;
}

export function shareParts(programs: readonly TensorProgram[]): SharedPrograms {
  const also = alsoResults(programs);
  const keys = programs.map((program, index) => {
    const whole = outline(
      program,
      () => true,
      run => found(also[index]?.[run], 'a run'),
    );
    const definitions = definitionsOf(whole);
    return outlinedIn(whole.body).map(instr => partOf(instr, definitions));
  });
  const counts = countsOf(keys.flat().map(({ key }) => key));
  const shared = programs.map((program, index) =>
    outline(
      program,
      run => {
        const { key, length, isWalk } = found(keys[index]?.[run], 'a run');
        const others = (counts.get(key) ?? 0) - 1;
        return others > 0 && (isWalk || others * length >= fewest);
      },
      run => found(also[index]?.[run], 'a run'),
    ),
  );
  const exported = alsoExported(shared);
  const inside = freedInside(shared, exported);
  const lending = withLent(shared.map((program, index) => withConsumed(program, inside[index])));
  const large = largeValues(lending, exported, inside);
  const forOthers = lending.map(({ name }, index) => ({
    large: found(large.get(name), name),
    exported: found(exported[index], name),
    freedInside: found(inside[index], name),
  }));
  return {
    programs: lending.map((program, index) => withoutSmallLent(program, found(forOthers[index], program.name).large)),
    forOthers: new Map(lending.map(({ name }, index) => [name, found(forOthers[index], name)])),
  };
}

function partOf({ op, origin }: Instr, definitions: ReadonlyMap<ValueId, Instr>): Part {
  invariant(op.kind === 'outlined', 'a part is outlined');
  const { body, results } = op.block;
  return {
    key: structureOf({ instrs: body, results }, definitions),
    length: body.length,
    isWalk: /^back /.test(origin.role),
  };
}

/** Instructions that a function has to stand for beyond its own: else the steps read better where they are taken. */
const fewest = 10;

interface Part {
  readonly key: string;
  readonly length: number;
  /** Walks are functions even when they are short: they are what bounds are made of. */
  readonly isWalk: boolean;
}

const countsOf = (keys: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
};

type Outlined = OpOf<'outlined'>;

/** In the order in which the block reads them: the same for all that are alike. */
const freedBy = ({ consumed, lent, block }: Outlined): ValueId[] => {
  const freed = new Set([...consumed, ...lent]);
  return freeValues(block).filter(value => freed.has(value));
};

/** What one of those that are alike reads last, the others lend. */
function withLent(programs: readonly TensorProgram[]): TensorProgram[] {
  const freed = new Map<string, Set<number>>();
  const keys = new Map<Block, string>();
  const definitions = new Map(programs.map(program => [program, definitionsOf(program)]));
  for (const program of programs) {
    const own = found(definitions.get(program), program.name);
    for (const { op } of outlinedIn(program.body)) {
      if (op.kind !== 'outlined') continue;
      const key = structureOf({ instrs: op.block.body, results: op.block.results }, own);
      keys.set(op.block, key);
      const places = freed.get(key) ?? new Set<number>();
      for (const [place, value] of computedBefore(op.block, own).entries())
        if (op.consumed.includes(value)) places.add(place);
      freed.set(key, places);
    }
  }
  return programs.map(program =>
    mapOutlined(program, op => {
      const places = found(freed.get(found(keys.get(op.block), 'a block')), 'places');
      const read = computedBefore(op.block, found(definitions.get(program), program.name));
      return { ...op, lent: read.filter((value, place) => places.has(place) && !op.consumed.includes(value)) };
    }),
  );
}

/** What a block reads and does not make itself; where two that are alike read parameters, they need not be as many. */
const computedBefore = (block: Block, definitions: ReadonlyMap<ValueId, Instr>): ValueId[] =>
  freeValues(block).filter(value => {
    const instr = definitions.get(value);
    return instr === undefined || !isSource(instr.op);
  });

/** Only what is large is freed early. */
const withoutSmallLent = (program: TensorProgram, large: ReadonlySet<ValueId>): TensorProgram =>
  mapOutlined(program, op => ({ ...op, lent: op.lent.filter(value => large.has(value)) }));

function mapOutlined(program: TensorProgram, change: (op: Outlined) => Outlined): TensorProgram {
  const visit = (body: readonly Instr[]): Instr[] =>
    body.map(instr => {
      if (instr.op.kind === 'outlined') return { ...instr, op: change(instr.op) };
      const block = blockOf(instr.op);
      return block === null
        ? instr
        : { ...instr, op: { ...instr.op, block: { ...block, body: visit(block.body) } } as Op };
    });
  return { ...program, body: visit(program.body) };
}

/** For each program, by its name, the values that are freed early because they, or others in their place, are large. */
function largeValues(
  programs: readonly TensorProgram[],
  exported: readonly ReadonlySet<ValueId>[],
  inside: readonly FreedInside[],
): ReadonlyMap<string, ReadonlySet<ValueId>> {
  const large = new Map(programs.map(({ name }) => [name, new Set<ValueId>()]));
  const definitions = new Map(programs.map(program => [program.name, definitionsOf(program)]));
  const groups = new Map<string, Body[]>();
  for (const body of programs.flatMap((program, index) =>
    bodiesOf(program, found(exported[index], program.name), found(inside[index], program.name)),
  )) {
    const key = structureOf(body, found(definitions.get(body.program), body.program));
    addTo(groups, key, body);
  }
  for (const bodies of groups.values()) {
    const places = bodies.map(body => [...nested(body.instrs).map(({ out }) => out), ...body.consumed]);
    const count = found(places[0], 'a body').length;
    for (let place = 0; place < count; place++) {
      const isLarge = bodies.some(({ program }, index) => {
        const instr = definitions.get(program)?.get(found(places[index]?.[place], 'a value'));
        return instr !== undefined && isLargeTensor(instr, defaultLargeSizes);
      });
      if (isLarge)
        for (const [index, { program }] of bodies.entries())
          large.get(program)?.add(found(places[index]?.[place], 'a value'));
    }
  }
  return large;
}

function bodiesOf(program: TensorProgram, exported: ReadonlySet<ValueId>, inside: FreedInside): Body[] {
  const { name } = program;
  const outlined = nested(program.body).flatMap((instr): Body[] =>
    instr.op.kind === 'outlined'
      ? [{ program: name, instrs: instr.op.block.body, results: instr.op.block.results, consumed: freedBy(instr.op) }]
      : [],
  );
  const sections = splitProgram(program, exported).sections.map(section => ({
    program: name,
    instrs: section.body,
    results: section.exports,
    consumed: [...(inside.get(section.name) ?? [])],
  }));
  return [...outlined, ...sections];
}

/** In order, the bodies of loops included, without those of what is outlined. */
const nested = (body: readonly Instr[]): Instr[] =>
  body.flatMap(instr => {
    const block = instr.op.kind === 'outlined' ? null : blockOf(instr.op);
    return [instr, ...nested(block?.body ?? [])];
  });
