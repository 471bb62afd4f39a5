/** `dualc` as a process of its own, as it was built last: `npm run build` comes before the tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/compiler/cli/main.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** When standard error has shown it. Rejects when the process ends before. */
  shows(text: string): Promise<void>;
}

/** @param stdout a descriptor that takes standard output, in place of `out` */
export function startDualc(folder: string, args: readonly string[], stdout: number | 'pipe' = 'pipe'): Running {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    stdio: ['ignore', stdout, 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout?.on('data', (text: Buffer) => (out += text));
  child.stderr!.on('data', (text: Buffer) => (err += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, out, err }));
  });
  return {
    child,
    ended,
    shows: text =>
      new Promise((resolve, reject) => {
        const look = (): void => void (err.includes(text) && resolve());
        child.stderr!.on('data', look);
        child.on('close', () => reject(new Error(`it ended without showing ${JSON.stringify(text)}:\n${err}`)));
        look();
      }),
  };
}

export const dualcProcess = (folder: string, args: readonly string[], stdout?: number): Promise<Ended> =>
  startDualc(folder, args, stdout).ended;
