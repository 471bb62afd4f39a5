/** Problems with the static subset of TypeScript that architecture files are written in. */
import { suggestion } from '../did-you-mean.ts';
import { insteadOf } from '../other-libraries.ts';
import type { Entries } from './entry.ts';

export interface LanguageProblems {
  'unsupported-construct': { construct: string; instead: string };
  'non-static-expression': { expression: string; why: string };
  'undefined-variable': { name: string; known: readonly string[]; inVocabulary: boolean };
  'used-before-definition': { name: string };
  'already-declared': { name: string };
  'assign-to-constant': { name: string };
  'not-callable': { what: string };
  'not-iterable': { what: string; wanted: string };
  'wrong-operand': { operator: string; operands: readonly string[] };
  'not-finite': { expression: string; result: string };
  'index-out-of-bounds': { index: string; length: number };
  'unknown-property': { property: string; of: string; known: readonly string[] };
  'work-limit': { what: string };
  'nested-too-deeply': { what: string };
}

const subset =
  'The readable subset of TypeScript: const and let, functions and arrow functions, for…of, counted for, if and ?:, arithmetic, comparisons, template strings, arrays, objects, spread, destructuring, and imports of other architecture files.';

export const languageProblems: Entries<LanguageProblems> = {
  'unsupported-construct': {
    severity: 'error',
    title: ({ construct }) => `${construct} cannot be read statically`,
    help: ({ instead }) => instead,
    explain: `dualc reads an architecture file without running it, so that compiling a file of unknown origin is safe and every message points at a line. ${subset}`,
  },
  'non-static-expression': {
    severity: 'error',
    title: ({ expression, why }) => `${expression} ${why}`,
    help: () => 'write the value itself; a network has one fixed shape, known when it is compiled',
    explain: `The value would only be known when the file runs: the time, the environment, a random number, a promise. A compiled network has one fixed structure, so everything in the file must be computable from the file alone. ${subset}`,
  },
  'undefined-variable': {
    severity: 'error',
    title: ({ name }) => `\`${name}\` is not defined`,
    help: ({ name, known, inVocabulary }) =>
      inVocabulary ? `add \`${name}\` to the import from 'dualc'` : (insteadOf(name) ?? suggestion(name, known)),
    explain:
      "The name is neither declared in the file nor imported. Layers are imported by name: `import { conv2d, relu } from 'dualc'`. Of TypeScript's own globals, `Math` (without `random`), `Array.from` and `undefined` are known.",
  },
  'used-before-definition': {
    severity: 'error',
    title: ({ name }) => `\`${name}\` is used before it is defined`,
    help: ({ name }) => `move the declaration of \`${name}\` up`,
    explain:
      'A const or let has no value before its declaration has been reached. Function declarations may be used anywhere in their block.',
  },
  'already-declared': {
    severity: 'error',
    title: ({ name }) => `\`${name}\` is declared twice`,
    help: () => 'rename one of them',
    explain: 'Within one block a name can be declared once, imports included.',
  },
  'assign-to-constant': {
    severity: 'error',
    title: ({ name }) => `\`${name}\` is constant and cannot be changed`,
    help: ({ name }) => `declare it with \`let ${name}\` if it is meant to change`,
    explain:
      'A const, a function or an imported name keeps its value. Use `let` for a variable that grows layer by layer.',
  },
  'not-callable': {
    severity: 'error',
    title: ({ what }) => `${what} is not a function`,
    explain: 'Only functions can be called: those of the file, those it imports, and the layers of dualc.',
  },
  'not-iterable': {
    severity: 'error',
    title: ({ what, wanted }) => `${what} is not ${wanted}`,
    explain:
      '`for (const x of xs)`, `[...xs]` and `const [a, b] = xs` need an array; `{...x}` and `const { a } = x` need an object.',
  },
  'wrong-operand': {
    severity: 'error',
    title: ({ operator, operands }) => `\`${operator}\` cannot be applied to ${operands.join(' and ')}`,
    help: ({ operator, operands }) =>
      operator === '+' && operands.some(operand => operand === 'a layer') ? 'layers are added with add(a, b)' : '',
    explain:
      'Arithmetic needs numbers, comparisons need two numbers or two strings, `+` also joins strings. Nothing is converted silently. Layers are combined by layer functions, such as `add(a, b)`.',
  },
  'not-finite': {
    severity: 'error',
    title: ({ expression, result }) => `${expression} is ${result}, not a finite number`,
    explain: 'A division by zero, or a result too large for a number. Sizes and radii must be finite.',
  },
  'index-out-of-bounds': {
    severity: 'error',
    title: ({ index, length }) =>
      length === 0
        ? `there is no element ${index}: the list is empty`
        : `there is no element ${index}: the list has ${length}, numbered 0 to ${length - 1}`,
    help: () => 'where a default is meant, write `list[i] ?? value`',
    explain:
      'In TypeScript this would give `undefined` and fail somewhere else. `list[i] ?? value` says that a missing element is expected.',
  },
  'unknown-property': {
    severity: 'error',
    title: ({ property, of }) => `${of} has no property \`${property}\` that can be read statically`,
    help: ({ property, known }) => suggestion(property, known),
    explain:
      'Objects of the file have the properties that the file gives them. Arrays have `length` and the methods map, forEach, filter, reduce, slice, concat, push, includes, indexOf, join, at, entries; strings have `length`. A layer is opaque: its shape is not visible to the file.',
  },
  'work-limit': {
    severity: 'error',
    title: ({ what }) => `reading the file was stopped: ${what}`,
    label: () => 'stopped here',
    help: () => 'look for a loop or a recursion that does not end',
    explain:
      'Reading a file is limited to a million steps, 10,000 layers and 200 nested calls, so that it always ends. A network needs a small part of that. The place shown is where the limit was met.',
  },
  'nested-too-deeply': {
    severity: 'error',
    title: ({ what }) => `${what} is nested too deeply to be read`,
    help: () => 'split it into named parts',
    explain: 'Expressions, blocks and values inside one another are read to a depth of some hundreds.',
  },
};
