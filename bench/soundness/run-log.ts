/** The answers so far as a file of one JSON line each, so that a run that was cut off goes on where it stopped. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Answer, blockSize, effort } from './setting.ts';

export class OtherRunError extends Error {
  override readonly name = 'OtherRunError';
}

export interface RunLog {
  /** Answers of earlier runs. */
  readonly answers: readonly Answer[];
  /** Says which code gave the answers. */
  readonly code: string;
  append(answer: Answer): void;
}

/** Throws `OtherRunError` when the file was written by other code or with other settings: its answers say nothing about this code. */
export function openRunLog(file: string, seed: number, networks: number): RunLog {
  const code = hashOfCode();
  const head = JSON.stringify({ seed, networks, blockSize, effort, code });
  const [first, ...rest] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  if (first !== undefined && first !== head)
    throw new OtherRunError(`${file} belongs to other code or other settings; --fresh starts again`);
  const answers = rest.flatMap(readAnswer);
  mkdirSync(dirname(file), { recursive: true });
  // Written anew, so that what comes next does not stand behind half a line.
  writeFileSync(file, [head, ...answers.map(answer => JSON.stringify(answer)), ''].join('\n'));
  return { answers, code, append: answer => appendFileSync(file, `${JSON.stringify(answer)}\n`) };
}

/** None for a line that was cut off while it was written. */
function readAnswer(line: string): Answer[] {
  try {
    return [JSON.parse(line) as Answer];
  } catch {
    return [];
  }
}

const isCode = (file: string): boolean => file.endsWith('.ts') && !file.endsWith('.test.ts');

/** Of the stages between graph and passes, of the harness and the run itself: reading, emission and commands have no part in it. */
function hashOfCode(): string {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const hash = createHash('sha256');
  const stages = ['shared', '2-graph', '3-dual', '4-schedule', '5-program', '6-passes'];
  const folders = [...stages.map(stage => `compiler/${stage}`), 'test/soundness', 'test/support', 'bench/soundness'];
  const files = folders.flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(name => `${folder}/${name}`),
  );
  for (const name of files.filter(isCode).sort()) hash.update(`${name}\n`).update(readFileSync(join(root, name)));
  return hash.digest('hex').slice(0, 16);
}
