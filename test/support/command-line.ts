/** Runs `dualc` in this process, as `main.ts` does, in a folder of its own. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { vi } from 'vitest';
import { runCommandLine } from '../../compiler/cli/run-command-line.ts';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Workplace {
  readonly folder: string;
  /** Writes a file of the folder. */
  write(name: string, text: string): void;
  read(name: string): string;
  /** With the folder as working directory, or one below it. */
  dualc(args: readonly string[], below?: string): Promise<Outcome>;
  remove(): void;
}

export function makeWorkplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'dualc-'));
  return {
    folder,
    write(name, text) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    },
    read: name => readFileSync(join(folder, name), 'utf8'),
    dualc: (args, below = '.') => dualcIn(join(folder, below), args),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** With a folder as working directory. */
export async function dualcIn(folder: string, args: readonly string[]): Promise<Outcome> {
  const before = process.cwd();
  const texts = { out: '', err: '' };
  const listen = (to: 'out' | 'err') => (text: string | Uint8Array) => {
    texts[to] += text;
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(listen('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(listen('err')),
  ];
  process.chdir(folder);
  process.exitCode = undefined;
  try {
    const code = await runCommandLine(args);
    return { code, ...texts };
  } finally {
    process.exitCode = undefined;
    process.chdir(before);
    for (const spy of spies) spy.mockRestore();
  }
}

/** A small network with a skip connection; its layers stand on lines of their own. */
export const smallArchitecture = `import { add, conv2d, dense, flatten, input, linf, network, relu } from 'dualc';

const image = input([4, 4, 1]);
const conv1 = conv2d(image, { filters: 2, kernelSize: 3, padding: 1 });
const relu1 = relu(conv1);
const conv2 = conv2d(relu1, { filters: 2, kernelSize: 3, padding: 1 });
const joined = add(conv2, relu1);
const relu2 = relu(joined);
const logits = dense(flatten(relu2), { units: 3 });

export default network({ input: image, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
`;

/** The third line names a layer that there is not. */
export const brokenArchitecture = smallArchitecture.replace('relu(conv1)', 'relu(conv7)');
