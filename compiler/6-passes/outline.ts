/**
 * Steps of the same part, next to each other, as one instruction: what is taken in several places, or in several programs of a module,
 * becomes one function there. Nothing is computed in another way or in another order; expanding the blocks gives the program back.
 *
 * Needs:  programs as they will be emitted.
 * Gives:  the same outputs; runs of a part's steps in blocks, those that `choose` picks.
 * Order:  after all passes: none of them looks into what it has outlined.
 */
import { isSource } from '../5-program/op-table.ts';
import { blockOf, freeValues, operandsOf, renameOperands } from '../5-program/operands.ts';
import type { Instr, Op, TensorProgram } from '../5-program/tensor-program.ts';
import { found } from '../shared/assert.ts';
import { type ValueId, valueId } from '../shared/ids.ts';

/** Which runs become blocks, by their number in the program. */
export type ChooseRun = (run: number) => boolean;

/** Which of a run's values are results, by their places in it; those that are read outside are always. */
export type AlsoResults = (run: number) => ReadonlySet<number>;
const noMore: AlsoResults = () => new Set();

/** Shorter runs read better where they stand. */
const shortest = 3;

export function outline(program: TensorProgram, choose: ChooseRun, alsoResults: AlsoResults = noMore): TensorProgram {
  const readers = readersOf(program);
  let count = 0;
  let next = highestId(program.body) + 1;
  const fresh = (): ValueId => valueId(next++);
  return withConsumed({ ...program, body: visit(program.body) });

  function visit(instrs: readonly Instr[]): Instr[] {
    return runsOf(instrs).flatMap(run => {
      const [first] = run;
      const part = first?.origin.part ?? null;
      if (part === null || run.length < shortest) return run.map(withVisitedBlock);
      const number = count++;
      return choose(number) ? outlined(run, readers, alsoResults(number), fresh) : run.map(withVisitedBlock);
    });
  }

  function withVisitedBlock(instr: Instr): Instr {
    const block = blockOf(instr.op);
    if (block === null) return instr;
    return { ...instr, op: { ...instr.op, block: { ...block, body: visit(block.body) } } as Op };
  }
}

/** Neighbours of one part of one section; sources and loops stand by themselves. */
function runsOf(body: readonly Instr[]): Instr[][] {
  const runs: Instr[][] = [];
  let key = '';
  for (const instr of body) {
    const { section, part } = instr.origin;
    const own = part === null || isSource(instr.op) || blockOf(instr.op) !== null ? null : `${section} ~ ${part}`;
    const run = runs.at(-1);
    if (run !== undefined && own !== null && own === key) run.push(instr);
    else runs.push([instr]);
    key = own ?? '';
  }
  return runs;
}

/** The instructions that read a value, those in blocks by themselves; `null` stands for an output or the result of a block. */
function readersOf(program: TensorProgram): ReadonlyMap<ValueId, ReadonlySet<ValueId | null>> {
  const readers = new Map<ValueId, Set<ValueId | null>>();
  const note = (value: ValueId, reader: ValueId | null): void => {
    const known = readers.get(value);
    if (known === undefined) readers.set(value, new Set([reader]));
    else known.add(reader);
  };
  const visit = (body: readonly Instr[]): void => {
    for (const instr of body) {
      for (const value of instr.args) note(value, instr.out);
      const block = blockOf(instr.op);
      if (block === null) continue;
      visit(block.body);
      for (const value of block.results) note(value, null);
    }
  };
  visit(program.body);
  for (const value of Object.values(program.outputs)) note(value, null);
  return readers;
}

function outlined(
  run: readonly Instr[],
  readers: ReadonlyMap<ValueId, ReadonlySet<ValueId | null>>,
  also: ReadonlySet<number>,
  fresh: () => ValueId,
): Instr[] {
  const own = new Set<ValueId | null>(run.map(instr => instr.out));
  const results = run.filter(
    ({ out }, place) => also.has(place) || [...(readers.get(out) ?? [])].some(reader => !own.has(reader)),
  );
  // Outside of the block a result keeps its name; inside it has another one.
  const inside = new Map(results.map(({ out }) => [out, fresh()]));
  const rename = (value: ValueId): ValueId => inside.get(value) ?? value;
  const body = run.map(instr => ({ ...renameOperands(instr, rename), out: rename(instr.out) }));
  const [first] = run;
  const { origin } = found(first, 'the first step of a part');
  const whole: Instr = {
    out: fresh(),
    op: { kind: 'outlined', consumed: [], lent: [], block: { body, results: results.map(({ out }) => rename(out)) } },
    args: [],
    shape: [],
    origin: { ...origin, layer: null, span: null, role: found(origin.part ?? undefined, 'the name of a part') },
  };
  const items = results.map(
    (instr, index): Instr => ({
      out: instr.out,
      op: { kind: 'item', index, shape: instr.shape },
      args: [whole.out],
      shape: instr.shape,
      origin: instr.origin,
    }),
  );
  return [whole, ...items];
}

/** By section, values of others that it may free. */
export type FreedInside = ReadonlyMap<string, ReadonlySet<ValueId>>;
const nothingInside: FreedInside = new Map();

/** Notes in each outlined instruction the values that nothing reads after it: of its own body and section, or those that the section may free. */
export function withConsumed(program: TensorProgram, freedInside: FreedInside = nothingInside): TensorProgram {
  return { ...program, body: visit(program.body, new Set(Object.values(program.outputs)), freedInside) };

  function visit(body: readonly Instr[], kept: ReadonlySet<ValueId>, mayFree: FreedInside): Instr[] {
    const sections = new Map<ValueId, string>();
    for (const instr of body) if (!isSource(instr.op)) sections.set(instr.out, instr.origin.section);
    const lastReader = new Map<ValueId, ValueId>();
    const outsiders = new Set<ValueId>(kept);
    for (const instr of body) {
      const { section } = instr.origin;
      for (const value of operandsOf(instr)) {
        lastReader.set(value, instr.out);
        if (sections.get(value) !== section && !mayFree.get(section)?.has(value)) outsiders.add(value);
      }
    }
    return body.map(instr => {
      const block = blockOf(instr.op);
      if (block === null) return instr;
      if (instr.op.kind !== 'outlined') {
        const inner = visit(block.body, new Set(block.results), nothingInside);
        return { ...instr, op: { ...instr.op, block: { ...block, body: inner } } as Op };
      }
      const mine = mayFree.get(instr.origin.section);
      const consumed = freeValues(block).filter(
        value =>
          sections.has(value) &&
          lastReader.get(value) === instr.out &&
          (mine?.has(value) || (!outsiders.has(value) && sections.get(value) === instr.origin.section)),
      );
      return { ...instr, op: { ...instr.op, consumed } };
    });
  }
}

function highestId(body: readonly Instr[]): number {
  return body.reduce((highest, instr) => Math.max(highest, instr.out, highestId(blockOf(instr.op)?.body ?? [])), -1);
}
