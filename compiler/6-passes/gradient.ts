/**
 * Reverse-mode differentiation of one output, ahead of time: the adjoint of every instruction, last to first, is appended to
 * the program. No tape is kept at run time; what the adjoints read are the program's own values.
 *
 * Needs:  SSA; the output of shape `[]`; every parameter once, outside of chunk loops.
 * Gives:  the outputs that were, and one more per parameter (or input), of the same shape.
 * Order:  first: it repeats forward values that the later passes join or drop.
 */
import type { ProgramBuilder } from '../5-program/builder.ts';
import { createBuilder } from '../5-program/builder.ts';
import { operationOf } from '../5-program/op-table.ts';
import { freeValues, operandsOf, renameOperands } from '../5-program/operands.ts';
import type { InstrOf } from '../5-program/operations/operation.ts';
import type { Instr, OpKind, OpOf, Origin, TensorProgram } from '../5-program/tensor-program.ts';
import { found, InternalError, invariant } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import type { Pass } from './pass.ts';

export interface GradientOptions {
  /** Name of the output to differentiate; dropped when `keep` is false. */
  readonly of: string;
  readonly keep: boolean;
  /** For every parameter (`gradient.<parameter>`) or for the image (`gradient`). */
  readonly for: 'params' | 'x';
}

export function gradient(options: GradientOptions): Pass {
  return { name: 'gradient', run: program => differentiate(program, options) };
}

/** Gradients found so far, by value. */
type Adjoints = Map<ValueId, ValueId>;

function differentiate(program: TensorProgram, options: GradientOptions): TensorProgram {
  const b = createBuilder(program.body);
  const targets = program.body.filter(({ op }) =>
    options.for === 'params' ? op.kind === 'param' : op.kind === 'input' && op.name === 'x',
  );
  const needed = dependents(program.body, new Set(targets.map(target => target.out)));
  const adjoints: Adjoints = new Map();
  const output = found(program.outputs[options.of], `output ${options.of}`);
  adjoints.set(output, b.constant(1));
  const parts: Part[] = [];
  reverse(b, program.body, adjoints, needed, parts);
  const outputs: Record<string, ValueId> = { ...program.outputs };
  if (!options.keep) delete outputs[options.of];
  for (const target of targets) {
    const name = target.op.kind === 'param' ? `gradient.${target.op.name}` : 'gradient';
    outputs[name] = adjoints.get(target.out) ?? b.append({ kind: 'broadcast', shape: target.shape }, [b.constant(0)]);
  }
  return named(b.finish(program.name, outputs), program, parts, adjoints);
}

/** A contribution to the gradient of a value. */
interface Part {
  readonly of: ValueId;
  readonly gradient: ValueId;
}

/** Gradients are called after the value they belong to: `conv1 slope gradient` when complete, `… part` before. */
function named(
  result: TensorProgram,
  original: TensorProgram,
  parts: readonly Part[],
  adjoints: Adjoints,
): TensorProgram {
  const definitions = new Map(original.body.map(instr => [instr.out, instr]));
  const roles = new Map<ValueId, string>();
  for (const { of, gradient } of parts) {
    const target = definitions.get(of);
    if (target === undefined || definitions.has(gradient) || roles.has(gradient)) continue;
    const complete = adjoints.get(of) === gradient;
    roles.set(gradient, `${nameOf(target)} gradient${complete ? '' : ' part'}`);
  }
  const body = result.body.map(instr => {
    const role = roles.get(instr.out);
    return role === undefined ? instr : { ...instr, origin: { ...instr.origin, role } };
  });
  return { ...result, body };
}

/** The layer's name first, so that the name stands by itself wherever the gradient is computed. */
function nameOf({ op, origin }: Instr): string {
  if (op.kind === 'param') return op.name.replace('.', ' ');
  return origin.layer === null || /^(dual of|norm from|norm at) /.test(origin.role)
    ? origin.role
    : `${origin.layer} ${origin.role}`;
}

/** Values that depend on the targets: no others need a gradient. */
function dependents(body: readonly Instr[], targets: ReadonlySet<ValueId>): Set<ValueId> {
  const found = new Set(targets);
  for (const instr of body) if (operandsOf(instr).some(value => found.has(value))) found.add(instr.out);
  return found;
}

function reverse(
  b: ProgramBuilder,
  body: readonly Instr[],
  adjoints: Adjoints,
  needed: ReadonlySet<ValueId>,
  parts: Part[],
): void {
  const accumulate = (value: ValueId, gradient: ValueId): void => {
    const sofar = adjoints.get(value);
    const sum = sofar === undefined ? gradient : b.binary('add', sofar, gradient);
    adjoints.set(value, sum);
    if (sofar !== undefined) parts.push({ of: value, gradient });
    parts.push({ of: value, gradient: sum });
  };
  /** Gradients of the results that items took out of a loop. */
  const ofItems = new Map<ValueId, Map<number, ValueId>>();
  for (const instr of body.toReversed()) {
    const items = ofItems.get(instr.out);
    const upstream = adjoints.get(instr.out) ?? items?.values().next().value;
    if (upstream === undefined || !needed.has(instr.out)) continue;
    const { section, part, role } = instr.origin;
    const reversed: Origin = {
      ...instr.origin,
      section: `gradient:${section}`,
      part: part === null ? null : `gradient of ${part}`,
      role: `${role} gradient`,
    };
    b.within(reversed, () => {
      const { gradient: rule } = operationOf(instr.op);
      if (rule === 'none') return;
      if (rule === 'impossible')
        throw new InternalError(`${instr.op.kind} appears in gradients only and has none of its own`);
      if (rule === 'byThePass') {
        if (instr.op.kind === 'item') {
          const { index } = instr.op;
          const loop = found(instr.args[0], 'the loop of an item');
          const known = ofItems.get(loop) ?? new Map<number, ValueId>();
          const sofar = known.get(index);
          ofItems.set(loop, known.set(index, sofar === undefined ? upstream : b.binary('add', sofar, upstream)));
          return;
        }
        invariant(instr.op.kind === 'chunked', `no way back through the block of ${instr.op.kind}`);
        reverseChunks(b, instr.op, items ?? new Map([[0, upstream]]), needed, accumulate);
        return;
      }
      const gradients = rule(b, instr as InstrOf<OpKind>, upstream);
      for (const [index, value] of instr.args.entries()) {
        const gradient = gradients[index] ?? null;
        if (gradient !== null && needed.has(value)) accumulate(value, gradient);
      }
    });
  }
}

/**
 * A chunk loop backward: a second loop that computes each chunk again, differentiates it, and sums the gradients for the
 * values from outside. Nothing of a chunk is kept in between, so exact training needs the memory of one chunk.
 */
function reverseChunks(
  b: ProgramBuilder,
  op: OpOf<'chunked'>,
  /** By result. */
  upstreams: ReadonlyMap<number, ValueId>,
  needed: ReadonlySet<ValueId>,
  accumulate: (value: ValueId, gradient: ValueId) => void,
): void {
  const free = freeValues(op.block).filter(value => needed.has(value));
  const received: ValueId[] = [];
  const block = b.block(() => {
    const { copied, results } = copyBlock(b, op);
    const adjoints: Adjoints = new Map();
    for (const [index, upstream] of upstreams) {
      const own = b.append({ kind: 'chunkRows', axis: 1, size: op.size }, [upstream]);
      const result = found(results[index], 'the result of a chunk');
      const other = adjoints.get(result);
      adjoints.set(result, other === undefined ? own : b.binary('add', other, own));
    }
    reverse(b, copied, adjoints, dependents(copied, new Set(free)), []);
    const gradients: ValueId[] = [];
    for (const value of free) {
      const gradient = adjoints.get(value);
      if (gradient === undefined) continue;
      received.push(value);
      gradients.push(gradient);
    }
    return gradients;
  });
  const sums = b.append({ kind: 'summedChunks', rows: op.rows, size: op.size, block });
  for (const [index, value] of received.entries()) {
    accumulate(value, b.append({ kind: 'item', index, shape: b.shapeOf(value) }, [sums]));
  }
}

/** The block's instructions once more, under new ids. */
function copyBlock(b: ProgramBuilder, op: OpOf<'chunked'>): { copied: Instr[]; results: ValueId[] } {
  const renamed = new Map<ValueId, ValueId>();
  const rename = (value: ValueId): ValueId => renamed.get(value) ?? value;
  const copied = op.block.body.map(instr => {
    const copy = renameOperands(instr, rename);
    const out = b.within(instr.origin, () => b.append(copy.op, copy.args));
    renamed.set(instr.out, out);
    return { ...copy, out };
  });
  return { copied, results: op.block.results.map(rename) };
}
