import type { Layer } from '../authoring/handles.ts';
import { invariant } from '../shared/assert.ts';
import { type Shape, sameShape } from '../shared/shape.ts';
import { type ConcatDefinition, type LayerBase, type NoOptions, noRoundings } from './definition.ts';
import type { LayerOptions } from './layer-options.ts';
import { producer, refuse } from './shape-question.ts';
import { type Word, word } from './word.ts';

const otherAxes = (shape: Shape): Shape => shape.slice(0, -1);
const joinable = (first: Shape, other: Shape): boolean =>
  first.length === other.length && sameShape(otherAxes(first), otherAxes(other));

const sideBySide = (first: Shape, shapes: readonly Shape[]): Shape => [
  ...otherAxes(first),
  shapes.reduce((sum, shape) => sum + (shape.at(-1) ?? 0), 0),
];

/** Two or more layers side by side on the last axis: channels of maps, entries of vectors; options may come last. */
export const concat: Word<
  readonly Layer[] | readonly [...Layer[], LayerOptions],
  ConcatDefinition<LayerBase<'concat'>, NoOptions>
> = word({
  kind: 'concat',
  role: 'concat',
  operands: 'twoOrMore',
  positional: null,
  options: {},
  resolve(question) {
    const [first, ...others] = question.inputs;
    if (first === undefined) return undefined;
    const other = others.find(({ shape }) => !joinable(first.shape, shape));
    if (other === undefined)
      return {
        shape: sideBySide(
          first.shape,
          question.inputs.map(({ shape }) => shape),
        ),
      };
    return refuse(question, 'concat-shape-mismatch', { first: first.shape, other: other.shape }, null, [
      producer(question, first),
      producer(question, other),
    ]);
  },
  shapeOf(_, inputs) {
    const [first, ...others] = inputs;
    invariant(first !== undefined && others.length > 0, 'a concatenation needs two operands');
    invariant(
      others.every(other => joinable(first, other)),
      'the operands of a concatenation differ in their last axis only',
    );
    return sideBySide(first, inputs);
  },
  attributes: {},
  parameters: () => [],
  roundings: () => noRoundings,
});
