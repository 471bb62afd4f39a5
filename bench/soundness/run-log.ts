/** The answers so far as a file of one JSON line each, so that a run that was cut off goes on where it stopped. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export class OtherRunError extends Error {
  override readonly name = 'OtherRunError';
}

/** Orders and answers have the number of their block. */
export interface Numbered {
  readonly number: number;
}

export interface RunLog<Answer extends Numbered> {
  /** Answers of earlier runs. */
  readonly answers: readonly Answer[];
  /** Says which code gave the answers. */
  readonly code: string;
  append(answer: Answer): void;
}

/**
 * `folders` hold the code that gives the answers. Throws `OtherRunError` when the file was written by other code or with other
 * settings: its answers say nothing about this code.
 */
export function openRunLog<Answer extends Numbered>(
  file: string,
  settings: Readonly<Record<string, unknown>>,
  folders: readonly string[],
): RunLog<Answer> {
  const code = hashOfCode(folders);
  const head = JSON.stringify({ ...settings, code });
  const [first, ...rest] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  if (first !== undefined && first !== head)
    throw new OtherRunError(`${file} belongs to other code or other settings; --fresh starts again`);
  const answers = rest.flatMap(line => readAnswer<Answer>(line));
  mkdirSync(dirname(file), { recursive: true });
  // Written anew, so that what comes next does not stand behind half a line.
  writeFileSync(file, [head, ...answers.map(answer => JSON.stringify(answer)), ''].join('\n'));
  return { answers, code, append: answer => appendFileSync(file, `${JSON.stringify(answer)}\n`) };
}

/** None for a line that was cut off while it was written. */
function readAnswer<Answer>(line: string): Answer[] {
  try {
    return [JSON.parse(line) as Answer];
  } catch {
    return [];
  }
}

const isCode = (file: string): boolean => file.endsWith('.ts') && !file.endsWith('.test.ts');

function hashOfCode(folders: readonly string[]): string {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const hash = createHash('sha256');
  const files = folders.flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(name => `${folder}/${name}`),
  );
  for (const name of files.filter(isCode).sort()) hash.update(`${name}\n`).update(readFileSync(join(root, name)));
  return hash.digest('hex').slice(0, 16);
}
