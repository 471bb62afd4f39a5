/** Commands on a disk that is really full, as processes. Where no small file system can be mounted they are skipped. */
import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { smallArchitecture } from '../../support/command-line.ts';
import { dualcProcess } from '../../support/dualc-process.ts';
import { canMount, mountSmall, type SmallFileSystem } from '../../support/small-file-system.ts';

/** Its parameters and their moments take 54 kB. */
const network = `import { dense, input, linf, network, relu } from 'dualc';
const point = input([2]);
const relu1 = relu(dense(point, { units: 64 }));
const relu2 = relu(dense(relu1, { units: 64 }));
export default network({ input: point, output: dense(relu2, { units: 2 }), ball: linf({ epsilon: 0.1 }) });
`;

describe.skipIf(!canMount)('on a full disk', { timeout: 120_000 }, () => {
  let small: SmallFileSystem;
  beforeEach(() => {
    small = mountSmall(400)!;
  });
  afterEach(() => small.remove());

  /** Takes all room that is left but a few kilobytes. */
  function fill(kilobytesLeft: number): void {
    const filler = join(small.folder, 'filler');
    try {
      for (;;) appendFileSync(filler, Buffer.alloc(4096));
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' });
    }
    const { length } = readFileSync(filler);
    rmSync(filler);
    writeFileSync(filler, Buffer.alloc(length - 1024 * kilobytesLeft));
  }

  it('train ends with 3, keeps its last checkpoint, and goes on from it to the same bits', async () => {
    writeFileSync(join(small.folder, 'net.arch.ts'), network);
    const options = ['--data', 'two-moons', '--limit', '200', '--epochs', '4', '--bounds', 'interval', '--seed', '5'];
    const train = (...more: string[]) => dualcProcess(small.folder, ['train', 'net.arch.ts', ...more]);
    expect(await train(...options, '--out', 'whole')).toMatchObject({ code: 0 });
    const whole = readFileSync(join(small.folder, 'whole/weights.safetensors'));
    rmSync(join(small.folder, 'whole'), { recursive: true });

    // Room for one checkpoint, and not for a second beside it.
    fill(100);
    const cut = await train(...options, '--out', 'run');
    expect(cut.code).toBe(3);
    expect(cut.err).toMatch(
      /^error: the disk is full: run\/checkpoint.safetensors could not be written, \d+ of its \d+ bytes are missing \(ENOSPC\)\. What was saved before stays; once this is put right, go on with\n {2}dualc train net.arch.ts --resume --out run$/m,
    );
    const files = ['checkpoint.safetensors', 'metrics.jsonl', 'run.json'];
    expect(readdirSync(join(small.folder, 'run')).sort()).toEqual(files);
    const checkpoint = readFileSync(join(small.folder, 'run/checkpoint.safetensors'));

    const again = await train('--resume', '--out', 'run');
    expect(again.code).toBe(3);
    expect(readFileSync(join(small.folder, 'run/checkpoint.safetensors'))).toEqual(checkpoint);

    rmSync(join(small.folder, 'filler'));
    expect(await train('--resume', '--out', 'run')).toMatchObject({ code: 0 });
    expect(readFileSync(join(small.folder, 'run/weights.safetensors'))).toEqual(whole);
    const epochs = readFileSync(join(small.folder, 'run/metrics.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { per: string; epoch: number })
      .filter(({ per }) => per === 'epoch');
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
  });

  it('train that cannot begin says to run the same command again, and leaves nothing', async () => {
    writeFileSync(join(small.folder, 'net.arch.ts'), network);
    // Room for the lock and nothing else.
    fill(4);
    const { code, err } = await dualcProcess(small.folder, [
      'train',
      'net.arch.ts',
      '--data',
      'two-moons',
      '--out',
      'run',
    ]);
    expect(code).toBe(3);
    expect(err).toMatch(/^error: the disk is full: run\/run.json could not .*put right, run the same command again$/m);
    expect(err).not.toContain('--resume');
    expect(existsSync(join(small.folder, 'run'))).toBe(false);
  });

  it('compile ends with 3, keeps the old module, and speaks of no --resume', async () => {
    writeFileSync(join(small.folder, 'net.arch.ts'), smallArchitecture);
    const compile = () => dualcProcess(small.folder, ['compile', 'net.arch.ts']);
    expect(await compile()).toMatchObject({ code: 0 });
    const old = readFileSync(join(small.folder, 'net.dual.ts'));
    writeFileSync(join(small.folder, 'net.arch.ts'), smallArchitecture.replaceAll('filters: 2', 'filters: 3'));
    fill(8);
    const { code, err } = await compile();
    expect(code).toBe(3);
    expect(err).toMatch(
      /^error: the disk is full: net.dual.ts could not be written, \d+ of its \d+ bytes are missing/m,
    );
    expect(err).not.toContain('--resume');
    expect(readFileSync(join(small.folder, 'net.dual.ts'))).toEqual(old);
    expect(readdirSync(small.folder).sort()).toEqual(['filler', 'net.arch.ts', 'net.dual.ts']);
  });

  it('what goes to standard output is there, or the command ends with 3', async () => {
    writeFileSync(join(small.folder, 'net.arch.ts'), smallArchitecture);
    const explain = async (file: string) => {
      const output = openSync(file, 'a');
      const ended = await dualcProcess(small.folder, ['explain', 'net.arch.ts'], output);
      closeSync(output);
      return ended;
    };
    expect(await explain(join(small.folder, 'whole'))).toMatchObject({ code: 0 });
    const { size } = statSync(join(small.folder, 'whole'));
    fill(4);
    for (const [file, missing] of [
      [join(small.folder, 'cut'), size - 4096],
      ['/dev/full', size],
    ] as const) {
      const { code, err } = await explain(file);
      expect(code).toBe(3);
      expect(err).toBe(
        `error: the disk is full: standard output could not be written, ${missing} of its ${size} bytes are missing (ENOSPC)\n`,
      );
    }
  });
});
