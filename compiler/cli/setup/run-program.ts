/** Programs of the machine that a setup calls: pip, npm, tar, a compiler. */
import { type ChildProcess, spawn } from 'node:child_process';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** So much of an output is kept, from its start. */
const keptBytes = 2 ** 20;

/** Runs a program to its end, without a terminal. Null when there is none of that name. */
export function runProgram(command: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Ended | null> {
  const [name = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...variables } });
    const [out, err] = [collect(child.stdout), collect(child.stderr)];
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'EACCES') resolve(null);
      else reject(error);
    });
    const release = endWithUs(child);
    child.on('close', (code, signal) => {
      release();
      resolve({ code, signal, out: out(), err: err() });
    });
  });
}

/** A signal that ends this process ends the program as well, which would go on downloading otherwise. */
function endWithUs(child: ChildProcess): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const end = (signal: NodeJS.Signals): void => {
    release();
    child.kill(signal);
    // Again, for those who were there before: the lock is given back, and the process ends by the signal.
    process.kill(process.pid, signal);
  };
  const release = (): void => {
    for (const signal of signals) process.off(signal, end);
  };
  for (const signal of signals) process.on(signal, end);
  return release;
}

/** The first lines of what a program complained of, or how it ended when it said nothing. */
export function complaintOf(ended: Ended | null, wanted: RegExp = /./, most = 6): string {
  if (ended === null) return 'it is not there any more';
  const lines = `${ended.err}\n${ended.out}`.split('\n').filter(line => line.trim() !== '');
  const chosen = lines.filter(line => wanted.test(line));
  const shown = (chosen.length > 0 ? chosen : lines).slice(0, most);
  return shown.length > 0 ? shown.map(line => `\n  ${line}`).join('') : howEnded(ended);
}

export const howEnded = ({ code, signal }: Pick<Ended, 'code' | 'signal'>): string =>
  signal === null ? `it ended with ${code}` : `it was ended by ${signal}`;

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    if (bytes < keptBytes) chunks.push(chunk);
    bytes += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}
