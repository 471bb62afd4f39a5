/** Mistakes that a compiler of certificates could make, each put into its work on purpose. */
import { createWalk } from '../../compiler/3-dual/build-walks.ts';
import type { DualStep } from '../../compiler/3-dual/dual.ts';
import { blockOf } from '../../compiler/5-program/operands.ts';
import type { Instr, Op, TensorProgram } from '../../compiler/5-program/tensor-program.ts';
import { type ValueId, valueId } from '../../compiler/shared/ids.ts';
import type { Mistake } from './certificate.ts';

type Definitions = ReadonlyMap<ValueId, Instr>;
/** What stands in place of the instruction; null where it is right. */
type Change = (instr: Instr, definitions: Definitions) => Partial<Instr> | null;

/** Blocks included. */
function changed(program: TensorProgram, change: Change): TensorProgram {
  const definitions = new Map<ValueId, Instr>();
  const visit = (instr: Instr): Instr => {
    definitions.set(instr.out, instr);
    const block = blockOf(instr.op);
    if (block !== null) {
      const op = { ...instr.op, block: { ...block, body: block.body.map(visit) } } as Op;
      return { ...instr, op };
    }
    return { ...instr, ...change(instr, definitions) };
  };
  return { ...program, body: program.body.map(visit) };
}

const inProgram = (change: Change): Mistake => ({ inProgram: program => changed(program, change) });

const inWalks = (change: (step: DualStep) => DualStep): Mistake => ({
  inDual(dual) {
    const bounds = dual.bounds.map(bound => ({ ...bound, walk: createWalk(Array.from(bound.walk, change), null) }));
    return { ...dual, bounds };
  },
});

/** The first operand instead of what is done with it. */
const leftAlone = ({ args }: Instr): Partial<Instr> => ({ op: { kind: 'detach' }, args: args.slice(0, 1) });

/** Weights instead of their sizes, in the layers that compute a value of this role. */
const withoutMagnitudes = (role: string): Mistake =>
  inProgram(({ args, origin }, definitions) => {
    const kernel = definitions.get(args[1]!);
    return origin.role === role && kernel?.op.kind === 'magnitudes' ? { args: [args[0]!, kernel.args[0]!] } : null;
  });

/** One percent off the second operand of the instructions in question. */
const secondTooSmall = (isMeant: (instr: Instr) => boolean): Mistake => ({
  inProgram(program) {
    let next = 1_000_000;
    const shapes = new Map<ValueId, Instr['shape']>();
    const visit = (instr: Instr): Instr[] => {
      shapes.set(instr.out, instr.shape);
      const block = blockOf(instr.op);
      if (block !== null) {
        const op = { ...instr.op, block: { ...block, body: block.body.flatMap(visit) } } as Op;
        return [{ ...instr, op }];
      }
      const [first, second] = instr.args;
      if (first === undefined || second === undefined || !isMeant(instr)) return [instr];
      const [number, product] = [valueId(next++), valueId(next++)];
      return [
        { ...instr, out: number, op: { kind: 'constant', value: 0.99 }, args: [], shape: [] },
        { ...instr, out: product, op: { kind: 'mul' }, args: [second, number], shape: shapes.get(second)! },
        { ...instr, args: [first, product] },
      ];
    };
    return { ...program, body: program.body.flatMap(visit) };
  },
});

export const mistakes: Readonly<Record<string, Mistake>> = {
  'radii of activations one percent short': secondTooSmall(
    ({ origin }) => origin.section !== 'ball' && ['lower', 'upper'].includes(origin.role),
  ),
  'radii of margins one percent short': secondTooSmall(({ origin }) => origin.role === 'least margins'),
  'bands one percent too narrow for the rows': secondTooSmall(
    ({ origin, op }) => op.kind === 'rowNorms' && /^norm at (?!the ball)/.test(origin.role),
  ),
  'a ball one percent too small for the rows': secondTooSmall(
    ({ origin, op }) => op.kind === 'rowNorms' && origin.role === 'norm at the ball',
  ),
  'a band without its offset': inProgram((instr, definitions) => {
    const [, second] = instr.args;
    const isOffset = instr.op.kind === 'add' && definitions.get(second!)?.origin.role === 'band radius';
    return isOffset ? leftAlone(instr) : null;
  }),
  'slopes one percent too small for the rows': secondTooSmall(({ op }) => op.kind === 'scaledRows'),
  'closed form without the size of the weights': withoutMagnitudes('radius'),
  'an interval without the size of the weights': withoutMagnitudes('interval radius'),
  'closed form for l2 without the squares of the weights': inProgram(instr =>
    instr.op.kind === 'square' && instr.origin.role === 'radius' ? leftAlone(instr) : null,
  ),
  'a skip that is forgotten backward': inWalks(step =>
    step.kind === 'copy' ? { ...step, to: step.to.slice(0, 1) } : step,
  ),
  'a bias that is forgotten': inProgram((instr, definitions) => {
    const second = definitions.get(instr.args[1]!)?.op;
    return instr.op.kind === 'add' && second?.kind === 'param' ? leftAlone(instr) : null;
  }),
  'a box that cuts the radius and leaves the centre': inProgram((instr, definitions) => {
    if (instr.origin.section !== 'ball' || instr.origin.role !== 'centre' || instr.op.kind !== 'mul') return null;
    const x = [...definitions.values()].find(({ op }) => op.kind === 'input' && op.name === 'x');
    return { op: { kind: 'detach' }, args: [x!.out] };
  }),
  'windows one row too low': inProgram(({ op }) =>
    op.kind === 'windows' ? { op: { ...op, offset: [op.offset[0] + 1, op.offset[1]] } } : null,
  ),
  'windows of the rows that are asked for one row too low': inProgram(({ op }) =>
    op.kind === 'windowsAt' ? { op: { ...op, offset: [op.offset[0] + 1, op.offset[1]] } } : null,
  ),
  'a reach of 0 where no row walked': inProgram(({ op, args, origin }, definitions) => {
    const isChoice = op.kind === 'add' && origin.part?.startsWith('better bounds of ');
    return isChoice ? { op: { kind: 'detach' }, args: definitions.get(args[0]!)!.args.slice(0, 1) } : null;
  }),
  'paddings of a transposed convolution exchanged': inProgram(({ op }) => {
    if (op.kind !== 'transposedConv2d') return null;
    const [top, bottom, left, right] = op.padding;
    return { op: { ...op, padding: [bottom, top, right, left] } };
  }),
  'margins of the wrong sign': inProgram(instr =>
    instr.origin.role === 'centre gap' && instr.op.kind === 'sub' ? { args: instr.args.toReversed() } : null,
  ),
};
