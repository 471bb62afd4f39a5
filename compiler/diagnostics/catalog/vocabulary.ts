/** Problems with single calls of the layer vocabulary: names, options, values. */
import { suggestion } from '../did-you-mean.ts';
import { insteadOf, insteadOfOption } from '../other-libraries.ts';
import type { Entries } from './entry.ts';

export interface VocabularyProblems {
  'unknown-layer': { name: string; known: readonly string[] };
  'unknown-option': { option: string; of: string; known: readonly string[] };
  'missing-option': { options: readonly string[]; of: string };
  'wrong-type': { what: string; expected: string; found: string; hint: string };
  'wrong-operand-count': { of: string; expected: string; found: string };
  'non-positive-size': { what: string; value: string };
  'non-integer-size': { what: string; value: string };
  'size-too-large': { what: string; value: string; limit: number };
  'negative-padding': { value: string };
  'std-not-positive': { value: string };
  'not-in-float32': { what: string; value: string; why: string };
  'epsilon-not-positive': { value: string };
  'out-of-range': { what: string; value: string; range: readonly [number, number] };
  'empty-range': { what: string; value: string };
  'bad-name': { name: string; why: string };
  'several-outputs': { count: number };
}

/** How calls that take no layers first are written. */
const callForms: Readonly<Record<string, string>> = {
  'input()': 'give the shape as one list: input([28, 28, 1])',
  'network()': 'write network({ input: …, output: …, ball: … })',
  'linf()': 'write linf({ epsilon: … })',
  'l2()': 'write l2({ epsilon: … })',
};

export const vocabularyProblems: Entries<VocabularyProblems> = {
  'unknown-layer': {
    severity: 'unsupported',
    title: ({ name }) => `dualc has no \`${name}\``,
    help: ({ name, known }) => insteadOf(name) ?? (suggestion(name, known) || `dualc has ${known.join(', ')}`),
    explain:
      'The name is imported from dualc, which does not have it. The balls are linf and l2; a file ends with network. Every layer needs a rule for its dual, so layers of other libraries cannot be used.',
  },
  'unknown-option': {
    severity: 'error',
    title: ({ option, of }) => `${of} has no option \`${option}\``,
    help: ({ option, of, known }) =>
      of === 'l2()' && option === 'box'
        ? 'an l2 ball has no box in this version of dualc; an linf ball has one'
        : (insteadOfOption(option) ?? suggestion(option, known)),
    explain:
      'An option that is not known would be ignored silently, so it is refused. The options have the names that Keras gives them.',
  },
  'missing-option': {
    severity: 'error',
    title: ({ options, of }) => `${of} needs ${options.map(option => `\`${option}\``).join(' and ')}`,
    help: ({ options, of }) =>
      `write ${of.replace(/\(\)$/, '')}(${of.startsWith('network') || of.startsWith('l') ? '' : 'x, '}{ ${options.map(option => `${option}: …`).join(', ')} })`,
    explain: 'The option has no default, because no value of it is more usual than the others.',
  },
  'wrong-type': {
    severity: 'error',
    title: ({ what, expected, found }) => `${what} must be ${expected}, not ${found}`,
    help: ({ hint }) => hint,
    explain: 'The value has another type than the option or operand needs. Nothing is converted silently.',
  },
  'wrong-operand-count': {
    severity: 'error',
    title: ({ of, expected, found }) => `${of} takes ${expected}, not ${found}`,
    help: ({ of }) => callForms[of] ?? 'layers come first, then one object of options',
    explain: 'Layers are given first, options last: `conv2d(x, { filters: 16, kernelSize: 3 })`, `add(a, b, c)`.',
  },
  'non-positive-size': {
    severity: 'error',
    title: ({ what, value }) => `${what} must be at least 1, not ${value}`,
    explain: 'Sizes, numbers of filters or units, kernel sizes and strides count something: they are 1 or more.',
  },
  'non-integer-size': {
    severity: 'error',
    title: ({ what, value }) => `${what} must be a whole number, not ${value}`,
    help: () => 'round it yourself, with Math.floor or Math.ceil, if that is what you mean',
    explain:
      'Sizes, numbers of filters or units, kernel sizes, strides and paddings are whole numbers. A half is often an odd size divided by two.',
  },
  'size-too-large': {
    severity: 'error',
    title: ({ what, value, limit }) => `${what} is ${value}, more than ${limit}`,
    explain:
      'A single size may be at most 16,777,216 and a layer may hold at most 268,435,456 numbers per example. More than that is a slip of the pen on any machine of today.',
  },
  'negative-padding': {
    severity: 'error',
    title: ({ value }) => `padding must not be negative: ${value}`,
    help: () => 'padding adds rows and columns; to cut them off is not supported',
    explain:
      "Padding is 'valid' (none), 'same' (TensorFlow's rule), a number for all four sides, or { top, bottom, left, right }; never below zero.",
  },
  'out-of-range': {
    severity: 'error',
    title: ({ what, value, range: [low, high] }) => `${what} is ${value}, and lies from ${low} to ${high}`,
    help: ({ range: [low, high] }) => `write a number from ${low} to ${high}`,
    explain: 'Outside of the range the layer is another function, for which dualc has no bounds.',
  },
  'std-not-positive': {
    severity: 'error',
    title: ({ value }) => `a standard deviation must be positive, not ${value}`,
    explain: 'normalize computes (x − mean) / std for each channel, so std is above zero.',
  },
  'not-in-float32': {
    severity: 'error',
    title: ({ what, value, why }) => `${what} is ${value}, ${why}`,
    help: () => 'numbers of an architecture are 0, or between 1.2e-38 and 3.4e+38 in size',
    explain:
      'Networks are computed in float32. It holds numbers from 1.2e-38 to 3.4e+38 with all their digits; smaller ones lose digits or become 0, larger ones become infinite, and then nothing that is computed with them means anything. normalize() divides by `std`, so 1 / std, which is how much it scales by, and mean / std have to be such numbers too. The ends of `range` and `box` must differ in float32.',
  },
  'epsilon-not-positive': {
    severity: 'error',
    title: ({ value }) => `epsilon must be positive, not ${value}`,
    help: () =>
      'epsilon is the radius of the ball, in units of the input: 8/255 for eight grey levels of pixels in [0, 1]',
    explain:
      'A ball of radius 0 holds one point and asks for no proof; a negative radius has no meaning. The command line can override the radius with --epsilon.',
  },
  'empty-range': {
    severity: 'error',
    title: ({ what, value }) => `${what} is empty: ${value}`,
    help: () => 'write [lowest, highest], the lower number first',
    explain: '`box` and `range` are intervals [lowest, highest] with lowest < highest.',
  },
  'bad-name': {
    severity: 'error',
    title: ({ name, why }) => `${name} cannot be the name of a layer: ${why}`,
    help: () => 'use letters, digits and underscores, starting with a letter',
    explain:
      'The name of a layer becomes the name of its weights (`<name>.weight`), of functions in the emitted module and of files, so it starts with a letter, holds only letters a–z and A–Z, digits and underscores, has at most 64 of them, and is not `margins`.',
  },
  'several-outputs': {
    severity: 'unsupported',
    title: ({ count }) => `a network has one output, not ${count}`,
    help: () => 'give one layer of logits; describe a second network in a second file',
    explain:
      'Certificates speak of the margins of one vector of logits. A network with several heads has no single margin.',
  },
};
