/** The command line as a process: help, usage errors, exit codes, pipes. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../../compiler/cli/exit-codes.ts';
import { version } from '../../../compiler/version.ts';

/** As it was built last: `npm run build` comes before the tests. */
const main = fileURLToPath(new URL('../../../dist/compiler/cli/main.js', import.meta.url));
const source = fileURLToPath(new URL('../../../compiler/cli/main.ts', import.meta.url));

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `closeOutput` shuts the pipe of standard output at once, as `head -0` does. */
function dualc(args: readonly string[], closeOutput = false): Promise<Outcome> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  if (closeOutput) child.stdout.destroy();
  else child.stdout.on('data', (text: Buffer) => (out += text));
  child.stderr.on('data', (text: Buffer) => (err += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => resolve({ code, out, err }));
  });
}

describe('dualc', () => {
  it('shows its commands and examples on --help', async () => {
    const { code, out, err } = await dualc(['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const command of ['compile', 'explain', 'train', 'certify', 'attack', 'import', 'doctor'])
      expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(out).toContain('$ dualc compile mnist-small.arch.ts');
    expect(out).toContain('Exit codes: 0 done');
  });

  it('shows the help of a command, with its example and the global options', async () => {
    const { code, out } = await dualc(['doctor', '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: dualc doctor/);
    expect(out).toContain('$ dualc doctor --backend cpu --json');
    expect(out).toContain('--no-color');
  });

  it.each(['compile', 'explain'])('asks nothing of V8 that it does not know, to %s', async command => {
    const { code, err } = await dualc([command, '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('shows its help on standard error when nothing is asked, and exits with 2', async () => {
    const { code, out, err } = await dualc([]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^Usage: dualc <command>/);
  });

  it('prints its version', async () => {
    expect(await dualc(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it.each([
    [['certfy'], "unknown command 'certfy'", 'Did you mean certify?'],
    [['doctor', '--jsn'], "unknown option '--jsn'", 'Did you mean --json?'],
    [['compile'], "missing required argument 'arch'", '--help shows what there is'],
  ])('refuses %j as a wrong use, with a suggestion', async (args, problem, hint) => {
    const { code, out, err } = await dualc(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(problem);
    expect(err).toContain(hint);
  });

  it('takes input that is not there for the fault of the input, without a stack', async () => {
    const { code, err } = await dualc(['doctor', '--backend', 'abacus']);
    expect(code).toBe(1);
    expect(err).toBe(
      "error: --backend: there is no backend 'abacus'; there are native-gpu, native, webgpu, wasm, cpu\n",
    );
  });

  it('shows where the error arose with --debug, after the command too', async () => {
    const { code, err } = await dualc(['doctor', '--backend', 'abacus', '--debug']);
    expect(code).toBe(1);
    expect(err).toMatch(/^error: --backend: .*\nInputError: .*\n {4}at readBackendName /);
  });

  it('is quiet when the reader of its output has gone', async () => {
    expect(await dualc(['doctor', '--backend', 'cpu', '--json', '--no-measure'], true)).toMatchObject({
      code: 0,
      err: '',
    });
  });
});

describe('the exit code of an error', () => {
  it.each([
    ['InputError', 1],
    ['ArchitectureError', 1],
    ['BoundsRequestError', 2],
    ['EnvironmentError', 3],
    ['InternalError', 70],
    ['SoundnessError', 70],
    ['TypeError', 70],
  ])('%s: %i', (name, code) => {
    expect(exitCodeOf(Object.assign(new Error('x'), { name }))).toBe(code);
  });

  it('takes what is no error for a bug', () => expect(exitCodeOf('text')).toBe(70));
});

describe('what the help loads', () => {
  it('is neither TensorFlow.js nor the compiler', () => {
    const seen = new Map<string, string[]>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      const text = readFileSync(file, 'utf8');
      // Imports of values at the top level; an import of types is gone when the code runs.
      const specifiers = [...text.matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)';/gms)].map(
        match => match[1]!,
      );
      seen.set(file, specifiers);
      for (const specifier of specifiers)
        if (specifier.startsWith('.')) visit(path.resolve(path.dirname(file), specifier));
    };
    visit(source);
    const packages = new Set([...seen.values()].flat().filter(specifier => !specifier.startsWith('.')));
    expect(seen.size).toBeGreaterThan(8);
    expect([...packages].filter(name => /tensorflow|ts-morph|handlebars|mnist|jstat|yauzl/.test(name))).toEqual([]);
  });
});
