/** The shape of a value in a function that is called for values of several shapes: what differs is said by the parameter that says it. */
import { type Dim, hasBatch, type ProgramShape, printDim } from '../../5-program/dim.ts';
import type { Slot } from './match-trees.ts';
import type { Parameters } from './parameters.ts';

/** For the trailing comment of a statement; empty where it would say too little. */
export function printSharedShape(
  shapes: readonly ProgramShape[],
  slots: readonly Slot[],
  { reads }: Parameters,
): string {
  const [first = []] = shapes;
  if (shapes.some(shape => shape.length !== first.length)) return '';
  const dims = first.map((_, axis) => printShared(shapes.map(shape => shape[axis] ?? 1)));
  return dims.some(dim => dim.includes('…')) ? '' : `[${dims.join(', ')}]`;

  function printShared(all: readonly Dim[]): string {
    const [dim = 1] = all;
    if (all.every(other => other === dim)) return printSize(dim);
    const areBatches = all.every(other => hasBatch([other]));
    if (!areBatches && all.some(other => hasBatch([other]))) return '…';
    const word = wordOf(all.map(other => Number.parseInt(String(other), 10)));
    return areBatches ? `${word} · batch` : word;
  }

  function wordOf(values: readonly number[]): string {
    const slot = slots.findIndex(
      ({ type, values: given }) =>
        type === 'number' && given.every((value, index) => value.kind === 'number' && value.value === values[index]),
    );
    const read = reads[slot];
    return read?.kind === 'name' ? read.name : '…';
  }
}

function printSize(dim: Dim): string {
  if (!hasBatch([dim])) return printDim(dim);
  return dim === '1b' ? 'batch' : `${printDim(dim).slice(0, -1)} · batch`;
}
