/** Benches of several backends: each in a process of its own, since two TensorFlow libraries in one do not go together. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type BackendName, backendNames, readBackendName } from '../../../runtime/backend/backend-name.ts';
import { EnvironmentError } from '../../../runtime/errors.ts';
import { usage } from '../usage-error.ts';
import type { BenchReport } from './bench-report.ts';

const program = fileURLToPath(new URL('../main.js', import.meta.url));

/** What `all` stands for. The backend in plain JavaScript is there to be compared with, at some hundred times the time. */
const fast: readonly BackendName[] = backendNames.filter(name => name !== 'cpu');

/** Those of `--backend`: one, several with commas between them, or `all`. Raises `UsageError` for a name that is none. */
export const readBackends = (text: string): readonly BackendName[] =>
  text === 'all'
    ? fast
    : [...new Set(text.split(',').map(name => usage(() => readBackendName(name.trim(), '--backend'))))];

/** Its report, or why there is none. Progress goes to standard error, where this process has its own. */
export type RunOne = (args: readonly string[]) => Promise<{ readonly code: number | null; readonly out: string }>;

export const runProcess: RunOne = args =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.on('error', reject);
    child.on('close', code => resolve({ code, out }));
  });

/**
 * One after the other, in one report; `args` are those of `dualc bench` but `--backend` and `--json`. A process that was interrupted ends the rest.
 * Raises `EnvironmentError` when no backend was measured.
 */
export async function benchBackends(
  names: readonly BackendName[],
  args: readonly string[],
  run: RunOne = runProcess,
): Promise<BenchReport> {
  const reports: BenchReport[] = [];
  const backends: BenchReport['backends'][number][] = [];
  let interrupted = false;
  for (const name of names) {
    const { code, out } = await run(['bench', ...args, '--backend', name, '--json']);
    interrupted = code === exitCodeOfInterrupt;
    if (out === '')
      backends.push({ name, problem: `not measured: its process ended with ${code}, for the reason above` });
    else {
      const report = JSON.parse(out) as BenchReport;
      reports.push(report);
      backends.push(...report.backends);
    }
    if (interrupted) break;
  }
  const [first] = reports;
  if (first === undefined) throw new EnvironmentError(`none of ${names.join(', ')} was measured`);
  return { ...first, backends, complete: !interrupted && reports.every(({ complete }) => complete) };
}

const exitCodeOfInterrupt = 130;
