/** A program whose every computed value is off by a random factor near 1: how far rounding may take its outputs. */
import type { ProgramInputs } from '../../compiler/5-program/interpret.ts';
import { interpret, type ProgramOutput } from '../../compiler/5-program/interpret.ts';
import { blockOf, renameOperands } from '../../compiler/5-program/operands.ts';
import type { Block, Instr, Op, OpKind, TensorProgram } from '../../compiler/5-program/tensor-program.ts';
import { type ValueId, valueId } from '../../compiler/shared/ids.ts';
import { seededNumbers } from './program-inputs.ts';

/** These round nothing: they move numbers, take one of two, or change a sign. */
const exact: ReadonlySet<OpKind> = new Set<OpKind>([
  ...(['input', 'param', 'constant', 'vector', 'batchSize', 'noise', 'unitRows', 'oneHot', 'chunkRows'] as const),
  ...(['neg', 'abs', 'relu', 'step', 'sign', 'maximum', 'minimum', 'max', 'detach'] as const),
  ...(['reshape', 'transpose', 'broadcast', 'windows', 'pad', 'chunked', 'summedChunks'] as const),
]);

const factor = 'rounding of %';

/** Each value times a factor of its own for every entry, drawn as a stream of noise. */
function withFactors(program: TensorProgram): TensorProgram {
  let next = 1 + highest(program.body);
  const renamed = new Map<ValueId, ValueId>();
  const rename = (value: ValueId): ValueId => renamed.get(value) ?? value;
  const visit = (body: readonly Instr[]): Instr[] =>
    body.flatMap(original => {
      const { op, ...rest } = renameOperands(original, rename);
      const block = blockOf(op);
      const instr: Instr =
        block === null ? { op, ...rest } : { ...rest, op: { ...op, block: visitBlock(block) } as Op };
      if (exact.has(instr.op.kind)) return [instr];
      const { shape, origin, out } = instr;
      const stream = `${factor}${out}`;
      const factors: Instr = {
        out: valueId(next++),
        op: { kind: 'noise', distribution: 'normal', stream, shape },
        args: [],
        shape,
        origin,
      };
      const product: Instr = { out: valueId(next++), op: { kind: 'mul' }, args: [out, factors.out], shape, origin };
      renamed.set(out, product.out);
      return [instr, factors, product];
    });
  const visitBlock = (block: Block): Block => {
    const body = visit(block.body);
    return { body, results: block.results.map(rename) };
  };
  const body = visit(program.body);
  const outputs = Object.fromEntries(Object.entries(program.outputs).map(([name, value]) => [name, rename(value)]));
  return { ...program, body, outputs };
}

const highest = (body: readonly Instr[]): number =>
  body.reduce((most, { out, op }) => Math.max(most, out, highest(blockOf(op)?.body ?? [])), 0);

/** The outputs, several times, with every value, image and parameter off by up to `size` of its own size. */
export function perturbedOutputs(
  program: TensorProgram,
  given: ProgramInputs,
  size: number,
  trials: number,
): Record<string, ProgramOutput>[] {
  const perturbed = withFactors(program);
  return Array.from({ length: trials }, (_, trial) => {
    const near = (seed: number): (() => number) => {
      const next = seededNumbers(seed);
      return () => 1 + size * (2 * next() - 1);
    };
    const off = (values: ArrayLike<number>, seed: number): Float64Array => {
      const draw = near(seed);
      return Float64Array.from(values, value => value * draw());
    };
    return interpret(perturbed, {
      ...given,
      inputs: { ...given.inputs, x: off(given.inputs.x!, trial) },
      params: Object.fromEntries(
        Object.entries(given.params).map(([name, values], index) => [name, off(values, 1000 * trial + index + 99)]),
      ),
      noise(stream, distribution, count) {
        if (!stream.startsWith(factor)) return given.noise!(stream, distribution, count);
        const draw = near(7919 * trial + Number(stream.slice(factor.length)));
        return Float64Array.from({ length: count }, draw);
      },
    });
  });
}
