/** The words of architecture files: for each, what it takes. Read by the static reader and by the functions that run. */
import type { CallAttributes, CallKind, LocatedBall, Operand, Pair, WrittenPadding } from './arch-ast.ts';
import type { OptionRule } from './option-rules.ts';
import * as rules from './option-rules.ts';

/** An option without `default` must be given. */
export interface OptionRow<T> {
  readonly rule: OptionRule<T>;
  readonly default?: T;
}

export type OptionRows<Options> = { readonly [Name in keyof Options]: OptionRow<Options[Name]> };

export interface LayerRow<Kind extends CallKind> {
  /** How many layers come first. */
  readonly operands: 0 | 1 | 'twoOrMore';
  /** The option that may stand without its name, before the others. */
  readonly positional: (keyof CallAttributes[Kind] & string) | null;
  readonly options: OptionRows<CallAttributes[Kind]>;
}

const bothOne: Pair = [1, 1];
const pixels: Pair = [0, 1];
const valid: WrittenPadding = 'valid';

export const layerVocabulary: { readonly [Kind in CallKind]: LayerRow<Kind> } = {
  input: {
    operands: 0,
    positional: 'shape',
    options: { shape: { rule: rules.shape }, range: { rule: rules.range, default: pixels } },
  },
  conv2d: {
    operands: 1,
    positional: null,
    options: {
      filters: { rule: rules.size },
      kernelSize: { rule: rules.sizePair },
      strides: { rule: rules.sizePair, default: bothOne },
      padding: { rule: rules.padding, default: valid },
      useBias: { rule: rules.boolean, default: true },
    },
  },
  dense: {
    operands: 1,
    positional: null,
    options: { units: { rule: rules.size }, useBias: { rule: rules.boolean, default: true } },
  },
  relu: { operands: 1, positional: null, options: {} },
  flatten: { operands: 1, positional: null, options: {} },
  reshape: { operands: 1, positional: null, options: { shape: { rule: rules.shape } } },
  add: { operands: 'twoOrMore', positional: null, options: {} },
  normalize: {
    operands: 1,
    positional: null,
    options: { mean: { rule: rules.perChannel }, std: { rule: rules.positivePerChannel } },
  },
};

export interface LinfOptions {
  readonly epsilon: number;
  readonly box: Pair | null;
}
export interface L2Options {
  readonly epsilon: number;
}
export interface NetworkOptions {
  readonly input: Operand;
  readonly output: Operand;
  readonly ball: { readonly ball: LocatedBall | null };
}

export const linfOptions: OptionRows<LinfOptions> = {
  epsilon: { rule: rules.epsilon },
  box: { rule: (value, place) => (value === null ? null : rules.range(value, place)), default: null },
};
export const l2Options: OptionRows<L2Options> = { epsilon: { rule: rules.epsilon } };
export const networkOptions: OptionRows<NetworkOptions> = {
  input: { rule: rules.layer },
  output: { rule: rules.outputLayer },
  ball: { rule: rules.ball },
};

export const layerKinds: readonly CallKind[] = Object.keys(layerVocabulary).filter(isCallKind);
/** Everything that `import { … } from 'dualc'` can name, types aside. */
export const vocabulary: readonly string[] = [...layerKinds, 'linf', 'l2', 'network'];
/** Types that the package exports; they mean nothing when a file is read. */
export const vocabularyTypes: readonly string[] = ['Layer', 'Network', 'Ball'];

function isCallKind(name: string): name is CallKind {
  return Object.hasOwn(layerVocabulary, name);
}
