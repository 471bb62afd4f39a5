/**
 * Where rows end, their maps are read by a norm and by nothing else. Then the maps need not be laid out, which takes longer than to compute
 * them: the transposed convolution and the norm become one operation, where that is the cheaper way (`runtime/ops/norm-blocks.ts`).
 *
 * Needs:  SSA; nothing dead, since what nothing needs would be a reader.
 * Gives:  same outputs, up to the order of sums; no maps that only a norm reads.
 * Order:  last; behind `gradient`, whose adjoints read the maps.
 */
import { blockOf as blocksFor } from '../../runtime/ops/norm-blocks.ts';
import type { ProgramShape } from '../5-program/dim.ts';
import { blockOf } from '../5-program/operands.ts';
import type { Instr, Op, OpOf, TensorProgram } from '../5-program/tensor-program.ts';
import { found } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import type { Pass } from './pass.ts';
import { readersOf } from './readers.ts';

export const normsOfMaps: Pass = {
  name: 'norms-of-maps',
  run(program: TensorProgram) {
    const facts: Facts = { readers: readersOf(program), shapes: new Map() };
    return { ...program, body: fused(program.body, facts) };
  },
};

interface Facts {
  /** How often a value is read, as an output too. */
  readonly readers: ReadonlyMap<ValueId, number>;
  readonly shapes: Map<ValueId, ProgramShape>;
}

/** Of one body: maps that stand before a loop are computed once there, and stay. */
function fused(body: readonly Instr[], facts: Facts): Instr[] {
  const maps = new Map<ValueId, Instr>();
  const gone = new Set<ValueId>();
  const made = body.map((instr): Instr => {
    facts.shapes.set(instr.out, instr.shape);
    if (instr.op.kind === 'transposedConv2d' && facts.readers.get(instr.out) === 1) maps.set(instr.out, instr);
    const block = blockOf(instr.op);
    if (block !== null) {
      const inner = { body: fused(block.body, facts), results: block.results };
      return { ...instr, op: { ...instr.op, block: inner } as Op };
    }
    const dual = instr.op.kind === 'rowNorms' ? maps.get(found(instr.args[0], 'a dual')) : undefined;
    if (dual === undefined || instr.op.kind !== 'rowNorms' || !isCheaper(dual, facts)) return instr;
    gone.add(dual.out);
    return together(instr, dual, instr.op);
  });
  return made.filter(({ out }) => !gone.has(out));
}

function isCheaper({ op, args }: Instr, { shapes }: Facts): boolean {
  const kernel = found(shapes.get(found(args[1], 'a kernel')), 'shape of the kernel').map(Number);
  return op.kind === 'transposedConv2d' && blocksFor(kernel as [number, number, number, number], op) !== null;
}

/** Where the norm stood, as a step of the layer that the maps are pulled back through. */
function together(norm: Instr, maps: Instr, { rows }: OpOf<'rowNorms'>): Instr {
  const { strides, padding, inputSize } = maps.op as OpOf<'transposedConv2d'>;
  return {
    ...norm,
    op: { kind: 'transposedConv2dNorms', rows, inputSize, strides, padding },
    args: [...maps.args, ...norm.args.slice(1)],
    origin: { ...norm.origin, layer: maps.origin.layer, span: maps.origin.span },
  };
}
