/**
 * What several workers gain: `dualc certify`, `attack` and `train` on the small network on digits, with one worker and with several in
 * turn. `npm run bench:workers` after `npm run build`; on a busy machine compare the time on processors.
 *
 *     npm run bench:workers -- [--workers 2] [--examples 512] [--rounds 3] [--backend wasm]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { median } from '../test/support/median.ts';

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '2' },
    examples: { type: 'string', default: '512' },
    rounds: { type: 'string', default: '3' },
    backend: { type: 'string', default: 'wasm' },
  },
});

interface Spent {
  /** Of the computation, its workers' start included; not that of the program. */
  readonly seconds: number;
  /** On all processors, by the whole process. */
  readonly cpuSeconds: number;
}

/** Says on the way out how long the process computed. */
const witness =
  "process.on('exit',()=>{const u=process.cpuUsage();process.stderr.write('cpu '+(u.user+u.system)/1e6+'\\n')})";
const architecture = 'examples/mnist-small.arch.ts';
const folder = mkdtempSync(path.join(os.tmpdir(), 'dualc-workers-'));
let runs = 0;

function dualc(args: readonly string[]): {
  readonly out: string;
  readonly cpuSeconds: number;
  readonly seconds: number;
} {
  const began = performance.now();
  const program = ['--import', `data:text/javascript,${witness}`, 'dist/compiler/cli/main.js'];
  const run = spawnSync(process.execPath, [...program, ...args, '--backend', values.backend], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`dualc ${args.join(' ')} failed:\n${run.stderr}`);
  const seconds = (performance.now() - began) / 1000;
  return { out: run.stdout, cpuSeconds: Number(/^cpu (.*)$/m.exec(run.stderr)?.[1]), seconds };
}

const data = ['--data', 'digits', '--limit', values.examples, '--epsilon', '0.1'];
const first = path.join(folder, 'first');

function train(workers: string, bounds: string): Spent {
  const out = path.join(folder, `run-${runs++}`);
  const asked = ['--epochs', '1', '--bounds', bounds, '--workers', workers, '--out', out];
  const { cpuSeconds } = dualc(['train', architecture, ...data, ...asked]);
  const lines = readFileSync(path.join(out, 'metrics.jsonl'), 'utf8').trim().split('\n');
  return { seconds: (JSON.parse(lines.at(-1)!) as { seconds: number }).seconds, cpuSeconds };
}

const jobs: Readonly<Record<string, (workers: string) => Spent>> = {
  certify(workers) {
    const { out, cpuSeconds } = dualc([
      'certify',
      architecture,
      '--run',
      first,
      ...data,
      '--workers',
      workers,
      '--json',
    ]);
    const { secondsPerExample, examples } = JSON.parse(out) as { secondsPerExample: number; examples: number };
    return { seconds: secondsPerExample * examples, cpuSeconds };
  },
  attack: workers => dualc(['attack', architecture, '--run', first, ...data, '--workers', workers]),
  'train, interval': workers => train(workers, 'interval'),
  'train, sketch': workers => train(workers, 'sketch'),
};

try {
  dualc(['train', architecture, ...data, '--epochs', '2', '--out', first]);
  const table = new Table({
    head: ['', '1 worker', `${values.workers} workers`, 'ratio', 'on processors, 1', values.workers],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const [name, job] of Object.entries(jobs)) {
    const rounds = Array.from({ length: Number(values.rounds) }, () => [job('1'), job(values.workers)] as const);
    const [one, several] = [0, 1].map(at => ({
      seconds: median(rounds.map(round => round[at]!.seconds)),
      cpuSeconds: median(rounds.map(round => round[at]!.cpuSeconds)),
    })) as [Spent, Spent];
    const seconds = (number: number): string => `${number.toFixed(1)} s`;
    const ratio = median(rounds.map(([alone, shared]) => alone.seconds / shared.seconds)).toFixed(2);
    table.push([
      name,
      ...[one.seconds, several.seconds].map(seconds),
      ratio,
      ...[one.cpuSeconds, several.cpuSeconds].map(seconds),
    ]);
    console.error(`${name}: done; load of the machine ${os.loadavg()[0]!.toFixed(1)}`);
  }
  console.log(table.toString());
} finally {
  rmSync(folder, { recursive: true });
}
