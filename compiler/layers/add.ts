import type { Layer } from '../authoring/handles.ts';
import { invariant } from '../shared/assert.ts';
import { sameShape } from '../shared/shape.ts';
import type { LayerBase, NoOptions, SumDefinition } from './definition.ts';
import type { LayerOptions } from './layer-options.ts';
import { firstShape, producer, refuse } from './shape-question.ts';
import { type Word, word } from './word.ts';

/** The sum of two or more layers of one shape; options may come last. */
export const add: Word<
  readonly Layer[] | readonly [...Layer[], LayerOptions],
  SumDefinition<LayerBase<'add'>, NoOptions>
> = word({
  kind: 'add',
  role: 'sum',
  operands: 'twoOrMore',
  positional: null,
  options: {},
  resolve(question) {
    const [first, ...others] = question.inputs;
    const other = others.find(({ shape }) => first !== undefined && !sameShape(shape, first.shape));
    if (first === undefined || other === undefined) return { shape: firstShape(question) };
    return refuse(question, 'add-shape-mismatch', { first: first.shape, other: other.shape }, null, [
      producer(question, first),
      producer(question, other),
    ]);
  },
  shapeOf(_, inputs) {
    const [first, ...others] = inputs;
    invariant(first !== undefined && others.length > 0, 'an addition needs two operands');
    invariant(
      others.every(other => sameShape(first, other)),
      'the operands of an addition have one shape',
    );
    return first;
  },
  attributes: {},
  parameters: () => [],
  roundings: ({ inputs }) => ({ forward: inputs.length - 1, products: 0, backward: 0 }),
});
