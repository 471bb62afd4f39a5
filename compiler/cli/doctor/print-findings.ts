/** What `dualc doctor` prints for people. */

import Table from 'cli-table3';
import { refusal } from '../../../runtime/backend/self-test.ts';
import { counted } from '../../../runtime/report/counted.ts';
import { printBytes } from '../../../runtime/report/print-bytes.ts';
import { backendsTable } from './backends-table.ts';
import type { Findings } from './examine-machine.ts';

export function printFindings(findings: Findings): string {
  return `${[
    facts(findings),
    backendsTable(findings.backends),
    selfTestTable(findings),
    verdict(findings),
    problems(findings),
    arithmeticTable(findings),
    copies(findings),
    places(findings),
  ]
    .filter(part => part !== '')
    .join('\n\n')}\n`;
}

function facts({ dualc, node, tfjs, platform, cores, memory, backend }: Findings): string {
  const rows: [string, string][] = [
    ['dualc', dualc],
    ['node', `${node}, ${platform}, ${counted(cores, 'core')}`],
    ['memory', memoryText(memory)],
    ['TensorFlow.js', tfjs],
    ['backend', `${backend.name}: ${backend.reason}`],
    ['SIMD', backend.simd ? 'yes' : 'no'],
    ['threads', String(backend.threads)],
    ...(backend.warning === null ? [] : [['warning', backend.warning] as [string, string]]),
  ];
  return rows.map(([name, value]) => `${name.padEnd(16)}${value}`).join('\n');
}

function memoryText({ totalBytes, availableBytes, containerBytes }: Findings['memory']): string {
  const limit = containerBytes === null ? '' : `, ${printBytes(containerBytes)} for this container`;
  return `${printBytes(totalBytes)}${limit}, ${printBytes(availableBytes)} free`;
}

function selfTestTable({ selfTest }: Findings): string {
  const table = createTable(['self-test', 'of the allowed error', 'allowed', ''], ['left', 'right', 'left', 'left']);
  for (const { name, share, allowed, passed } of selfTest.results)
    table.push([name, share === null ? '–' : percent(share), allowed, passed ? 'ok' : 'WRONG']);
  return table.toString();
}

/** What failed, in the words of the refusal. */
function problems({ selfTest }: Findings): string {
  return selfTest.passed ? '' : refusal(selfTest);
}

function arithmeticTable({ selfTest }: Findings): string {
  const table = createTable(['arithmetic (no certificate depends on it)', selfTest.backend], ['left', 'left']);
  for (const { name, value } of selfTest.findings) table.push([name, value]);
  return table.toString();
}

const percent = (share: number): string => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;

const createTable = (head: string[], colAligns: ('left' | 'right')[]): Table.Table =>
  new Table({
    head,
    colAligns,
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: { head: [], border: [] },
  });

function verdict({ sound, selfTest }: Findings): string {
  const time = `(${Math.round(selfTest.milliseconds)} ms)`;
  return sound
    ? `The backend computes as a certificate assumes ${time}.`
    : `The backend does not compute as a certificate assumes ${time}: dualc certifies nothing with it.`;
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
