/** What `dualc doctor` prints for people. */

import Table from 'cli-table3';
import { counted } from '../../runtime/report/counted.ts';
import type { Findings } from './examine-machine.ts';

export function printFindings(findings: Findings): string {
  return `${[facts(findings), selfTestTable(findings), verdict(findings), copies(findings), places(findings)]
    .filter(part => part !== '')
    .join('\n\n')}\n`;
}

function facts({ dualc, node, tfjs, platform, cores, backend }: Findings): string {
  const rows: [string, string][] = [
    ['dualc', dualc],
    ['node', `${node}, ${platform}, ${counted(cores, 'core')}`],
    ['TensorFlow.js', tfjs],
    ['backend', `${backend.name}: ${backend.reason}`],
    ['SIMD', backend.simd ? 'yes' : 'no'],
    ['threads', String(backend.threads)],
  ];
  return rows.map(([name, value]) => `${name.padEnd(16)}${value}`).join('\n');
}

function selfTestTable({ selfTest }: Findings): string {
  const table = new Table({
    head: ['self-test', 'largest error', 'allowed', ''],
    colAligns: ['left', 'right', 'right', 'left'],
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: { head: [], border: [] },
  });
  for (const { name, largestError, tolerance, passed, problem } of selfTest.results)
    table.push([
      name,
      largestError?.toExponential(1) ?? '–',
      tolerance.toExponential(0),
      problem ?? (passed ? 'ok' : 'WRONG'),
    ]);
  return table.toString();
}

function verdict({ sound, selfTest }: Findings): string {
  const time = `(${Math.round(selfTest.milliseconds)} ms)`;
  return sound
    ? `The backend computes what the reference interpreter computes ${time}.`
    : `The backend computes wrong values ${time}: dualc certifies nothing with it. Choose another one with --backend.`;
}

function copies({ tfjsCopies }: Findings): string {
  if (tfjsCopies.length < 2) return '';
  const lines = tfjsCopies.map(({ folder, version, usedBy }) => `  ${version}  ${folder}  (${usedBy.join(', ')})`);
  return ['There are several copies of TensorFlow.js; tensors of one are unknown to the others:', ...lines].join('\n');
}

function places({ data }: Findings): string {
  const sets = Object.entries(data).map(([name, folders]) => {
    const lines = folders.map(({ folder, exists }) => `  ${exists ? '*' : ' '} ${folder}`);
    return [`${name}:`, ...lines].join('\n');
  });
  return ['Folders where datasets are looked for, first to last (* exists):', ...sets].join('\n');
}
