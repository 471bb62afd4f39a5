/** Appends operations to a program and infers their shapes. The lowerings speak to nothing else. */
import { found, invariant } from '../shared/assert.ts';
import { type ValueId, valueId } from '../shared/ids.ts';
import { type ProgramShape, sameDims } from './dim.ts';
import { opKey } from './op-key.ts';
import { inferShape, isSource } from './op-table.ts';
import { blockOf } from './operands.ts';
import type { BinaryKind, Block, Instr, Op, Origin, TensorProgram, UnaryKind } from './tensor-program.ts';

export interface ProgramBuilder {
  append(op: Op, args?: readonly ValueId[]): ValueId;
  /** Sets the origin of what `build` appends; what it leaves out is inherited. */
  within<T>(origin: Partial<Origin>, build: () => T): T;
  shapeOf(value: ValueId): ProgramShape;
  unary(kind: UnaryKind, x: ValueId): ValueId;
  binary(kind: BinaryKind, a: ValueId, b: ValueId): ValueId;
  constant(value: number): ValueId;
  /** Inputs, parameters and constants: each appears once, before the rest. */
  source(op: Op): ValueId;
  sum(x: ValueId, axes: readonly number[], keepDims?: boolean): ValueId;
  /** No operation when the shape is the same already. */
  reshape(x: ValueId, shape: ProgramShape): ValueId;
  transpose(x: ValueId, perm: readonly number[]): ValueId;
  matMul(a: ValueId, b: ValueId, transpose?: { readonly a?: boolean; readonly b?: boolean }): ValueId;
  /** Joined along an axis; one value is itself. */
  concat(values: readonly ValueId[], axis: number): ValueId;
  /** Entries `begin … begin + size − 1` along an axis. No operation when those are all. */
  slice(x: ValueId, axis: number, begin: number, size: number): ValueId;
  /** Zeros around, so many before and after along each axis. No operation when there are none. */
  pad(x: ValueId, before: readonly number[], after: readonly number[]): ValueId;
  /** What `build` appends becomes a block instead of part of the program. */
  block(build: () => readonly ValueId[]): Block;
  finish(name: string, outputs: Readonly<Record<string, ValueId>>): TensorProgram;
}

const nowhere: Origin = { section: 'main', part: null, layer: null, role: 'value', span: null };

/** `existing` continues a program that was built before: ids go on after its last one. */
export function createBuilder(existing: readonly Instr[] = []): ProgramBuilder {
  const sources: Instr[] = [];
  const sourceIds = new Map<string, ValueId>();
  let body: Instr[] = [...existing];
  let origin = nowhere;
  const shapes = new Map<ValueId, ProgramShape>();
  let next = 0;
  const note = (instrs: readonly Instr[]): void => {
    for (const instr of instrs) {
      shapes.set(instr.out, instr.shape);
      next = Math.max(next, instr.out + 1);
      const block = blockOf(instr.op);
      if (block !== null) note(block.body);
    }
  };
  note(existing);
  for (const { op, out, args } of existing) if (args.length === 0 && isSource(op)) sourceIds.set(opKey(op), out);

  const builder: ProgramBuilder = {
    append(op, args = []) {
      const shape = inferShape(
        op,
        args.map(arg => found(shapes.get(arg), `shape of %${arg}`)),
      );
      const out = valueId(next++);
      shapes.set(out, shape);
      body.push({ out, op, args, shape, origin });
      return out;
    },
    within(change, build) {
      const outer = origin;
      origin = { ...outer, ...change };
      try {
        return build();
      } finally {
        origin = outer;
      }
    },
    shapeOf: value => found(shapes.get(value), `shape of %${value}`),
    unary: (kind, x) => builder.append({ kind }, [x]),
    binary: (kind, a, b) => builder.append({ kind }, [a, b]),
    constant: value => builder.source({ kind: 'constant', value }),
    source(op) {
      const key = opKey(op);
      const known = sourceIds.get(key);
      if (known !== undefined) return known;
      const out = valueId(next++);
      const shape = inferShape(op, []);
      shapes.set(out, shape);
      sources.push({ out, op, args: [], shape, origin: { ...nowhere, section: 'source', role: op.kind } });
      sourceIds.set(key, out);
      return out;
    },
    sum: (x, axes, keepDims = false) => builder.append({ kind: 'sum', axes, keepDims }, [x]),
    reshape: (x, shape) => (sameDims(builder.shapeOf(x), shape) ? x : builder.append({ kind: 'reshape', shape }, [x])),
    transpose: (x, perm) => builder.append({ kind: 'transpose', perm }, [x]),
    matMul: (a, b, transpose = {}) =>
      builder.append({ kind: 'matMul', transposeA: transpose.a ?? false, transposeB: transpose.b ?? false }, [a, b]),
    concat(values, axis) {
      const [only, ...others] = values;
      return only !== undefined && others.length === 0 ? only : builder.append({ kind: 'concat', axis }, values);
    },
    slice: (x, axis, begin, size) =>
      begin === 0 && builder.shapeOf(x)[axis] === size ? x : builder.append({ kind: 'slice', axis, begin, size }, [x]),
    pad: (x, before, after) =>
      [...before, ...after].every(count => count === 0) ? x : builder.append({ kind: 'pad', before, after }, [x]),
    block(build) {
      const outer = body;
      body = [];
      try {
        const results = build();
        return { body, results };
      } finally {
        body = outer;
      }
    },
    finish(name, outputs) {
      for (const value of Object.values(outputs)) invariant(shapes.has(value), `output %${value} is not defined`);
      return { name, body: [...sources, ...body], outputs };
    },
  };
  return builder;
}
