/** The layers that a program computes by convolutions, forward, back or for a gradient: those whose kernels a GPU may choose. */
import { kernelsOf } from './op-table.ts';
import { blockOf } from './operands.ts';
import type { Instr, TensorProgram } from './tensor-program.ts';

export function convolvedLayers({ body }: TensorProgram): string[] {
  const layers = new Set<string>();
  const visit = ({ op, origin }: Instr): void => {
    if (kernelsOf(op).some(kernel => kernel.startsWith('Conv2D'))) layers.add(origin.layer ?? origin.section);
    blockOf(op)?.body.forEach(visit);
  };
  body.forEach(visit);
  return [...layers];
}
