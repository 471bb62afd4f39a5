/** Problems with files: opening, parsing, importing. */
import { suggestion } from '../did-you-mean.ts';
import type { Entries } from './entry.ts';

export interface FileProblems {
  'file-not-found': { file: string };
  'file-unreadable': { file: string; reason: string };
  'syntax-error': { message: string };
  'import-not-found': { specifier: string; tried: string };
  'import-not-static': { specifier: string };
  'import-cycle': { chain: readonly string[] };
  'missing-export': { name: string; file: string; exported: readonly string[] };
  'duplicate-export': { name: string };
}

export const fileProblems: Entries<FileProblems> = {
  'file-not-found': {
    severity: 'error',
    title: ({ file }) => `there is no file ${file}`,
    help: () => 'give the path of an architecture file, such as examples/mnist-small.arch.ts',
    explain:
      'The architecture file named on the command line does not exist. Paths are relative to the working directory.',
  },
  'file-unreadable': {
    severity: 'error',
    title: ({ file, reason }) => `${file} cannot be read: ${reason}`,
    help: () => 'an architecture file is a text file of at most 1 MiB',
    explain:
      'The path exists and is not a text file that can be read: it is a folder, a pipe or a device, or may not be read, or is larger than 1 MiB, or changed while it was read. Architecture files are small programs; weights and data live in other files.',
  },
  'syntax-error': {
    severity: 'error',
    title: ({ message }) => message,
    label: () => 'here',
    explain:
      'The file is not valid TypeScript. All syntax errors of the file are listed; nothing else is checked before they are gone, because what the rest means depends on them.',
  },
  'import-not-found': {
    severity: 'error',
    title: ({ specifier }) => `the imported file '${specifier}' does not exist`,
    help: ({ tried }) => `looked for ${tried}`,
    explain:
      "An architecture file may import others by a relative path: `import { block } from './blocks.arch.ts'`. The path is relative to the file with the import. The endings `.ts` and `.arch.ts` may be left out, and `.js` stands for `.ts`.",
  },
  'import-not-static': {
    severity: 'error',
    title: ({ specifier }) => `'${specifier}' cannot be imported by an architecture file`,
    help: () =>
      "import layers from 'dualc' and your own code from other architecture files by relative path ('./blocks.arch.ts')",
    explain:
      "dualc reads architecture files without running them, so it can only follow imports of 'dualc' and of other architecture files. Packages and JSON files would need to be executed or loaded. Imports of types (`import type`) may come from anywhere.",
  },
  'import-cycle': {
    severity: 'error',
    title: ({ chain }) => `files import each other in a circle: ${chain.join(' → ')}`,
    help: () => 'move what both files need into a third one',
    explain:
      'File a imports b, and b imports a, directly or through others. Which of them is evaluated first would then depend on where one starts. Shared blocks belong in a file that both import.',
  },
  'missing-export': {
    severity: 'error',
    title: ({ name, file }) =>
      name === 'default' ? `${file} has no default export` : `${file} does not export \`${name}\``,
    help: ({ name, exported }) => suggestion(name, exported),
    explain:
      'The imported file exists but does not export that name. Put `export` before the declaration, or correct the name.',
  },
  'duplicate-export': {
    severity: 'error',
    title: ({ name }) => (name === 'default' ? 'the file has two default exports' : `\`${name}\` is exported twice`),
    help: ({ name }) => (name === 'default' ? 'keep one: a file describes one network' : 'keep one of them'),
    explain: 'A name can be exported once. An architecture file describes one network, its default export.',
  },
};
