/**
 * The verifier of tensor programs; runs after lowering and after every pass.
 * Ids are unique; operands are defined before; shapes, attributes and chunk loops fit; every operation runs on every backend.
 */
import { InternalError } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import { type BackendName, backendKernels } from './backend-kernels.ts';
import { type ProgramShape, printDims, sameDims } from './dim.ts';
import { checkOp, followsLoop, inferShape, isTuple, kernelsOf, loopOf, operationOf, walkOf } from './op-table.ts';
import type { ChunkedBy, Walk } from './operations/operation.ts';
import { printInstr, printOrigin } from './print-program.ts';
import type { Instr, TensorProgram } from './tensor-program.ts';

/** The chunk loop around an instruction. */
type Loop = { readonly rows: number; readonly size: number; readonly by: ChunkedBy } | null;

/** What is known of the program so far. */
interface Census {
  /** All that was defined, in blocks too. */
  readonly defined: Map<ValueId, Instr>;
  /** Values of blocks that have ended: no longer visible. */
  readonly ended: Set<ValueId>;
  /** Shape of each parameter and input, distribution and shape of each stream of noise. */
  readonly sources: Map<string, string>;
}

const visible = ({ defined, ended }: Census, id: ValueId): Instr | undefined =>
  ended.has(id) ? undefined : defined.get(id);

/** @throws InternalError naming the first instruction that is wrong, and where it comes from. */
export function checkProgram(program: TensorProgram): void {
  const census: Census = { defined: new Map(), ended: new Set(), sources: new Map() };
  checkBody(program.body, null, census);
  for (const [name, id] of Object.entries(program.outputs)) {
    const problem = problemOfResult(visible(census, id));
    if (problem !== null) throw new InternalError(`program ${program.name}: output ${name} = %${id} ${problem}`);
  }
}

function checkBody(body: readonly Instr[], loop: Loop, census: Census): void {
  for (const instr of body) {
    try {
      checkInstr(instr, loop, census);
    } catch (cause) {
      if (!(cause instanceof InternalError) || cause.cause === located) throw cause;
      const message = `${cause.message}\n  in  ${printInstr(instr)}\n  from  ${printOrigin(instr.origin)}`;
      throw new InternalError(message, { cause: located });
    }
    census.defined.set(instr.out, instr);
  }
}

/** Marks an error that names its instruction already. */
const located = Symbol('located');

function refuse(message: string): never {
  throw new InternalError(message);
}

function checkInstr(instr: Instr, loop: Loop, census: Census): void {
  const { op, out } = instr;
  if (census.defined.has(out)) refuse(`%${out} is defined twice`);
  checkArity(instr);
  const operands = instr.args.map(id => visible(census, id) ?? refuse(`%${id} is used before it is defined`));
  for (const operand of operands)
    if (isTuple(operand.op) && operationOf(op).structure.kind !== 'part')
      refuse(`%${operand.out} is a ${operand.op.kind}: only item may use it`);
  checkKernels(instr);
  const shapes = operands.map(operand => operand.shape);
  checkOp(op, shapes, { operands, shapeOf: id => census.defined.get(id)?.shape });
  checkLoop(instr, shapes, loop, census);
  const inferred = inferShape(op, shapes);
  checkDims(inferred);
  if (!sameDims(inferred, instr.shape))
    refuse(`its shape is stated as ${printDims(instr.shape)} and is ${printDims(inferred)}`);
  checkSource(instr, census);
}

function checkArity({ op, args }: Instr): void {
  const { arity } = operationOf(op);
  if (arity === 'oneOrMore') {
    if (args.length === 0) refuse(`${op.kind} takes one operand or more, not none`);
  } else if (args.length !== arity) refuse(`${op.kind} takes ${arity} operands, not ${args.length}`);
}

function checkDims(shape: ProgramShape): void {
  for (const dim of shape) {
    const count = typeof dim === 'number' ? dim : Number(dim.slice(0, -1));
    if (!Number.isInteger(count) || count < 1) refuse(`${printDims(shape)} has a dimension that is not positive`);
  }
}

const backends = Object.keys(backendKernels) as BackendName[];

function checkKernels({ op }: Instr): void {
  const needed = kernelsOf(op);
  if (needed.length === 0 || onAllBackends.has(needed)) return;
  for (const backend of backends) {
    if (needed.every(kernel => backendKernels[backend].has(kernel))) continue;
    const missing = needed.filter(kernel => !backendKernels[backend].has(kernel));
    refuse(`${op.kind} needs ${missing.join(', ')}, which the backend ${backend} lacks`);
  }
  onAllBackends.add(needed);
}

/** Lists of kernels that were found on every backend. */
const onAllBackends = new WeakSet<readonly string[]>();

/** Chunk loops, and what may stand in them only. */
function checkLoop({ op }: Instr, shapes: readonly ProgramShape[], loop: Loop, census: Census): void {
  if ('block' in op) {
    if (op.kind === 'outlined') checkBody(op.block.body, loop, census);
    else {
      if (loop !== null) refuse('a chunk loop stands in another one');
      const runs = loopOf(op) ?? refuse(`${op.kind} has a block and is no loop`);
      if (runs.by === 'start' && runs.rows % op.size !== 0)
        refuse(`chunks of ${op.size} do not divide ${runs.rows} rows`);
      checkBody(op.block.body, { rows: op.rows, size: op.size, by: runs.by }, census);
    }
    for (const id of op.block.results) {
      const problem = problemOfResult(visible(census, id));
      if (problem !== null) refuse(`the result %${id} ${problem}`);
    }
    for (const inner of op.block.body) census.ended.add(inner.out);
  }
  const walk = walkOf(op, shapes);
  if (walk !== null && followsLoop(walk, loop?.by ?? null)) checkWalk(walk, loop);
}

/** An operation whose rows follow the loop goes by the loop's own steps. */
function checkWalk({ size, rows, by }: Walk, loop: Loop): void {
  if (loop === null) refuse('rows of a chunk outside of a chunk loop');
  if (by !== loop.by) refuse(`rows by their ${by}, in a loop whose turns know them by their ${loop.by}`);
  if (size !== loop.size || rows !== loop.rows)
    refuse(`${size} of ${rows} rows at a time, in a loop over ${loop.size} of ${loop.rows}`);
}

/** One parameter, input or stream has one shape, and a stream one distribution: equal streams are equal values. */
function checkSource({ op, shape }: Instr, { sources }: Census): void {
  const declared = operationOf(op).declares?.(op as never);
  if (declared === undefined) return;
  const key = `${op.kind} "${declared.of}"`;
  const now = `${declared.as}${printDims(shape)}`;
  const before = sources.get(key) ?? now;
  if (before !== now) refuse(`${key} is ${now} here and ${before} before`);
  sources.set(key, now);
}

function problemOfResult(instr: Instr | undefined): string | null {
  if (instr === undefined) return 'is not defined';
  return isTuple(instr.op) ? `is a ${instr.op.kind}, not a tensor` : null;
}
