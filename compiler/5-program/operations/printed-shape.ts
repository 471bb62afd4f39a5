/** Shapes in the emitted code. */
import { array, binary, type Expression, given, number } from '../../shared/expression.ts';
import { type Dim, dimAt, type ProgramShape } from '../dim.ts';

/** With the batch left open: TensorFlow.js works it out. */
export const openShape = (shape: ProgramShape): Expression =>
  array(shape.map(dim => number(typeof dim === 'number' ? dim : -1)));

/** With the batch as the call has it. */
export const closedShape = (shape: ProgramShape): Expression => array(shape.map(printedDim));

const printedDim = (dim: Dim): Expression =>
  typeof dim === 'number'
    ? number(dim)
    : dim === '1b'
      ? given('batch')
      : binary('*', number(dimAt(dim, 1)), given('batch'));
