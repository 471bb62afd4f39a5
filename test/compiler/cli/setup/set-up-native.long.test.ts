/** `dualc setup native` for real, where pip reaches an index: half a minute and 600 MB on the disk, which are removed again. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { wheelOptions } from '../../../../compiler/cli/setup/recipe.ts';
import { tensorFlowVersion } from '../../../../runtime/native/native-build.ts';
import { dualcProcess, type Ended } from '../../../support/dualc-process.ts';

/** Asks which versions there are, without fetching one. */
function whyNot(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'no Linux on x64';
  if (spawnSync(process.env.CXX || 'c++', ['--version']).status !== 0) return 'no C++ compiler';
  const options = ['--retries', '0', '--timeout', '5', 'index', 'versions', 'tensorflow-cpu'];
  const published = wheelOptions.filter(option => option !== '--no-deps');
  const asked = spawnSync('pip', [...options, ...published], { timeout: 60_000, encoding: 'utf8' });
  return asked.status === 0 && asked.stdout.includes(tensorFlowVersion) ? null : 'pip reaches no index with TensorFlow';
}

interface Certified {
  readonly examples: number;
  readonly standardError: number;
  readonly robustError: number;
  readonly robustCrossEntropy: number;
}

const reason = whyNot();

describe.skipIf(reason !== null)(`dualc setup native${reason === null ? '' : `, not tried: ${reason}`}`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'dualc-native-'));
    vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'cache'));
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  const dualc = (...args: string[]): Promise<Ended> => dualcProcess(folder, args);

  it('builds what passes the self-test, certifies as WebAssembly does, and is removed again', async () => {
    const { code, err } = await dualc('setup', 'native');
    expect(err).toContain('dualc computes on it from now on');
    expect(code).toBe(0);
    expect(await dualc('setup', 'native', '--check')).toMatchObject({ code: 0 });

    vi.stubEnv('TF_NUM_INTRAOP_THREADS', '1');
    const doctor = await dualc('doctor', '--json', '--backend', 'native');
    expect(doctor.err).toBe('');
    expect(JSON.parse(doctor.out)).toMatchObject({ sound: true, backend: { name: 'native', threads: 1, simd: true } });

    writeFileSync(path.join(folder, 'net.arch.ts'), network);
    const trained = await dualc('train', 'net.arch.ts', ...training, '--backend', 'native', '--out', 'run');
    expect(trained.code).toBe(0);
    const [native, wasm] = [await certified('native'), await certified('wasm')];
    expect(native.examples).toBe(200);
    expect([native.standardError, native.robustError]).toEqual([wasm.standardError, wasm.robustError]);
    expect(Math.abs(native.robustCrossEntropy - wasm.robustCrossEntropy)).toBeLessThan(1e-3);

    expect(await dualc('setup', 'native', '--remove')).toMatchObject({ code: 0 });
    expect(existsSync(path.join(folder, 'cache/dualc/native'))).toBe(false);
  }, 300_000);

  async function certified(backend: string): Promise<Certified> {
    const args = ['certify', 'net.arch.ts', '--run', 'run', '--limit', '200', '--json', '--backend', backend];
    const { code, out } = await dualc(...args);
    expect(code).toBe(0);
    return JSON.parse(out) as Certified;
  }
});

const network = `import { dense, input, linf, network, relu } from 'dualc';
const point = input([2]);
const relu1 = relu(dense(point, { units: 16 }));
export default network({ input: point, output: dense(relu1, { units: 2 }), ball: linf({ epsilon: 0.05 }) });
`;
const training = ['--data', 'two-moons', '--limit', '400', '--batch', '20', '--epochs', '4', '--bounds', 'interval'];
