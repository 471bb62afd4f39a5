import * as rules from '../1-frontend/option-rules.ts';
import { invariant } from '../shared/assert.ts';
import { type InputDefinition, type LayerBase, noRoundings, type Pair } from './definition.ts';
import type { LayerOptions } from './layer-options.ts';
import { type Word, word } from './word.ts';

export interface InputOptions extends LayerOptions {
  /** The lowest and highest number in the data. Default `[0, 1]`. */
  readonly range?: readonly [number, number] | undefined;
}

interface Options {
  readonly shape: readonly number[];
  readonly range: Pair;
}

const pixels: Pair = [0, 1];

/** The input of the network. `shape` is that of one example, channels last: `[28, 28, 1]`. */
export const input: Word<
  [shape: readonly number[], options?: InputOptions],
  InputDefinition<LayerBase<'input'>, Options>
> = word({
  kind: 'input',
  role: 'input',
  operands: 0,
  positional: 'shape',
  options: { shape: { rule: rules.shape }, range: { rule: rules.range, default: pixels } },
  resolve: ({ options }) => ({ shape: options.shape }),
  shapeOf({ shape }, inputs) {
    invariant(inputs.length === 0, 'an input has no inputs');
    return shape;
  },
  attributes: {},
  parameters: () => [],
  roundings: () => noRoundings,
});
