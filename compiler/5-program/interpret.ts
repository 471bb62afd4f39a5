/** The reference interpreter: runs a tensor program in float64, with loops that can be checked by eye. The oracle of all that is faster. */

import { addTo } from '../shared/add-to.ts';
import { found, InternalError } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import { shapeAt } from './dim.ts';
import { operationOf } from './op-table.ts';
import { operandsOf } from './operands.ts';
import { type Float64Tensor, tensorOf } from './reference/float64-tensor.ts';
import type { Frame, Operands, Turn, Value } from './reference/frame.ts';
import type { Block, Instr, TensorProgram } from './tensor-program.ts';

export type DrawNoise = (stream: string, distribution: 'cauchy' | 'normal', count: number) => ArrayLike<number>;

export interface ProgramInputs {
  readonly batchSize: number;
  /** `x` and `labels` of the batch, `epsilon` as a list of one number; at least those that the program reads. */
  readonly inputs: Readonly<Record<string, ArrayLike<number>>>;
  readonly params: Readonly<Record<string, ArrayLike<number>>>;
  /** `count` draws of a stream. It is asked again for each `noise` instruction, so it has to be a function of its arguments. */
  readonly noise?: DrawNoise;
}

export interface ProgramOutput {
  shape: number[];
  data: Float64Array;
}

/**
 * The program's outputs by name.
 * @throws InternalError naming the instruction, when an input is missing or has a different number of entries than its shape says.
 */
export function interpret(program: TensorProgram, given: ProgramInputs): Record<string, ProgramOutput> {
  const frame: Frame = {
    batchSize: given.batchSize,
    start: 0,
    indices: [],
    input: name => found(given.inputs[name], `input ${name}`),
    param: name => found(given.params[name], `parameter ${name}`),
    noise: (...request) => found(given.noise, 'source of noise')(...request),
    runBlock: () => [],
  };
  const values = run({ body: program.body, results: Object.values(program.outputs) }, new Map(), frame);
  return Object.fromEntries(
    Object.entries(program.outputs).map(([name, id]) => {
      const { shape, data } = found(values.get(id), `output ${name}, %${id}`);
      return [name, { shape: [...shape], data: data.slice() }];
    }),
  );
}

/** Runs a body in order, on top of `outer` values, and forgets each of its own after its last use: all the large ones do not fit in memory. */
function run({ body, results }: Block, outer: ReadonlyMap<ValueId, Value>, frame: Frame): ReadonlyMap<ValueId, Value> {
  const values = new Map(outer);
  const lastUses = valuesByLastUse(body, results);
  body.forEach((instr, position) => {
    values.set(instr.out, evaluate(instr, values, frame));
    for (const id of lastUses.get(position) ?? []) values.delete(id);
  });
  return values;
}

/** For each position, the body's values that nothing reads after it. A body that runs turn by turn has them worked out once. */
function valuesByLastUse(body: readonly Instr[], results: readonly ValueId[]): ReadonlyMap<number, ValueId[]> {
  const known = lastUsesOf.get(body);
  if (known?.results === results) return known.byPosition;
  const byPosition = findLastUses(body, results);
  lastUsesOf.set(body, { results, byPosition });
  return byPosition;
}

const lastUsesOf = new WeakMap<
  readonly Instr[],
  { readonly results: readonly ValueId[]; readonly byPosition: ReadonlyMap<number, ValueId[]> }
>();

function findLastUses(body: readonly Instr[], results: readonly ValueId[]): Map<number, ValueId[]> {
  const last = new Map<ValueId, number>();
  body.forEach((instr, position) => {
    last.set(instr.out, position);
    for (const id of operandsOf(instr)) if (last.has(id)) last.set(id, position);
  });
  for (const id of results) last.delete(id);
  const byPosition = new Map<number, ValueId[]>();
  for (const [id, position] of last) addTo(byPosition, position, id);
  return byPosition;
}

function evaluate(instr: Instr, values: ReadonlyMap<ValueId, Value>, frame: Frame): Value {
  const runBlock = (block: Block, turn: Turn): Float64Tensor[] => {
    const inner = run(block, values, { ...frame, ...turn });
    return block.results.map(id => found(inner.get(id), `result %${id} of the block`));
  };
  try {
    const operands: readonly Value[] = instr.args.map(id => found(values.get(id), `operand %${id}`));
    const shape = shapeAt(instr.shape, frame.batchSize);
    const result = operationOf(instr.op).evaluate(instr.op as never, operands as Operands, shape, {
      ...frame,
      runBlock,
    });
    return 'items' in result ? { ...tensorOf(shape, [0]), items: result.items } : tensorOf(shape, result);
  } catch (cause) {
    if (!(cause instanceof InternalError)) throw cause;
    throw new InternalError(`%${instr.out} = ${instr.op.kind}: ${cause.message}`, { cause });
  }
}
