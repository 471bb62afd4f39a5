/** A cascade whose training is killed again and again, between stages and inside of them, ends with the bits of one that was left alone. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { uniform } from '../../../runtime/random/draws.ts';
import { keyFrom } from '../../../runtime/random/random-key.ts';
import { dualcProcess, startDualc } from '../../support/dualc-process.ts';

const network = `import { dense, input, linf, network, relu } from 'dualc';
const point = input([2]);
const relu1 = relu(dense(point, { units: 16 }));
export default network({ input: point, output: dense(relu1, { units: 2 }), ball: linf({ epsilon: 0.1 }) });
`;
const options =
  '--data two-moons --limit 400 --batch 10 --bounds interval --epochs 8 --cascade 3 --save-seconds 0 --backend wasm'.split(
    ' ',
  );

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dualc-killed-'));
  writeFileSync(join(folder, 'net.arch.ts'), network);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = [
  'cascade.json',
  ...[1, 2, 3].flatMap(stage => [`stage-${stage}/weights.safetensors`, `stage-${stage}/verdicts.safetensors`]),
];
const bits = (run: string): Buffer[] => files.map(file => readFileSync(join(folder, run, file)));
const train = (out: string, ...more: string[]): string[] => ['train', 'net.arch.ts', ...options, ...more, '--out', out];

it('ends with the same bits after ten kills at random instants', { timeout: 300_000 }, async () => {
  const began = performance.now();
  expect((await dualcProcess(folder, train('alone'))).code).toBe(0);
  const whole = performance.now() - began;
  let kills = 0;
  const shares = uniform(keyFrom(7), 100);
  const stagesSeen = new Set<string>();
  for (const share of shares) {
    if (kills === 10) break;
    const running = startDualc(folder, train('killed', '--resume'));
    const timer = setTimeout(() => running.child.kill('SIGKILL'), 300 + 0.5 * share * whole);
    const { signal, code, err } = await running.ended;
    clearTimeout(timer);
    for (const [stage] of err.matchAll(/stage \d of 3/g)) stagesSeen.add(stage);
    if (signal === 'SIGKILL') kills += 1;
    else {
      expect(code).toBe(0);
      // It was done before it could be killed: another one, from the start.
      expect(bits('killed')).toEqual(bits('alone'));
      rmSync(join(folder, 'killed'), { recursive: true });
    }
  }
  expect(kills).toBe(10);
  expect(stagesSeen.size).toBeGreaterThan(1);
  expect((await dualcProcess(folder, train('killed', '--resume'))).code).toBe(0);
  expect(bits('killed')).toEqual(bits('alone'));
});
