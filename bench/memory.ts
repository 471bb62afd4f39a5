/**
 * Whether `dualc certify --memory` keeps its word: peak resident memory of the whole process, as the operating system counts it, on a
 * network with first weights. Run `npm run bench:memory -- [--backend native]` after `npm run build`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import Table from 'cli-table3';
import { initializeParams, keyFrom, saveWeights, selectBackend } from 'dualc/runtime/node';
import model from '../examples/mnist-large.dual.ts';

const { values } = parseArgs({
  options: {
    memory: { type: 'string' },
    examples: { type: 'string', default: '16' },
    backend: { type: 'string', default: 'wasm' },
  },
});
const budgets = values.memory === undefined ? ['512MiB', '1GiB', '2GiB'] : [values.memory];

/** Says on the way out how much memory the process had at most, in KiB. */
const witness = "process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS+'\\n'))";

await selectBackend({ prefer: 'wasm' });
const folder = mkdtempSync(path.join(os.tmpdir(), 'dualc-memory-'));
try {
  const weights = path.join(folder, 'weights.safetensors');
  const params = initializeParams(model.meta.parameters, keyFrom(0), 'he');
  const data = Object.fromEntries(
    Object.entries(params).map(([name, tensor]) => [name, { shape: tensor.shape, data: tensor.dataSync<'float32'>() }]),
  );
  await saveWeights(weights, data, model.meta, 'tfjs');
  tf.dispose(params);

  const table = new Table({
    head: ['--memory', 'peak resident', 'share', 'seconds per example'],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const budget of budgets) {
    const command = ['certify', 'examples/mnist-large.arch.ts', '--weights', weights, '--data', 'digits', '--json'];
    const run = spawnSync(
      process.execPath,
      [
        '--import',
        `data:text/javascript,${witness}`,
        'dist/compiler/cli/main.js',
        ...command,
        '--limit',
        values.examples,
        '--memory',
        budget,
        '--backend',
        values.backend,
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const peak = /^peak (\d+)$/m.exec(run.stderr)?.[1];
    if (run.status !== 0 || peak === undefined) throw new Error(`certify with ${budget} failed:\n${run.stderr}`);
    const unit = { MiB: 2 ** 20, GiB: 2 ** 30 }[budget.slice(-3)] ?? 1;
    const bytes = Number(peak) * 1024;
    const { secondsPerExample } = JSON.parse(run.stdout) as { secondsPerExample: number };
    const share = `${((100 * bytes) / (Number.parseFloat(budget) * unit)).toFixed(0)} %`;
    table.push([budget, `${(bytes / 2 ** 20).toFixed(0)} MiB`, share, secondsPerExample.toFixed(2)]);
    console.error(`${budget}: done`);
  }
  console.log(`mnist-large, ${values.examples} digits, on ${values.backend}`);
  console.log(table.toString());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
