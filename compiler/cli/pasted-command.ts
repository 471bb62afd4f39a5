/** Commands that are printed to be pasted into a shell. */

/** `dualc train net.arch.ts --resume --out 'my run'`: words that a shell would take apart or change are quoted. */
export const pastedCommand = (...words: readonly string[]): string => ['dualc', ...words].map(quoted).join(' ');

function quoted(word: string): string {
  if (/^[\w@%+:,./-]+$/.test(word)) return word;
  // Line breaks and control characters, as they stand, would end the line that is printed.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are meant.
  if (/[\u0000-\u001f\u007f]/.test(word)) return `$'${[...word].map(escaped).join('')}'`;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function escaped(character: string): string {
  if (character === "'" || character === '\\') return `\\${character}`;
  const code = character.charCodeAt(0);
  return code < 32 || code === 127 ? `\\x${code.toString(16).padStart(2, '0')}` : character;
}

/** A path that begins with a dash would be taken for an option. */
export const pathWord = (path: string): string => (path.startsWith('-') ? `./${path}` : path);

/** Goes on with a run; `options` are those of the machine, which `run.json` does not hold. */
export const resumeCommand = (architecture: string, folder: string, options: readonly string[] = []): string =>
  pastedCommand('train', pathWord(architecture), '--resume', '--out', pathWord(folder), ...options);
