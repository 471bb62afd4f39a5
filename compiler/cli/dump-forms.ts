/** The intermediate forms of a compilation, for `--dump` and `--print`. */
import { join } from 'node:path';
import { found } from '../shared/assert.ts';
import type { RecordingTrace } from '../shared/trace.ts';
import type { PrintedForm } from './compile-options.ts';
import { say } from './say.ts';
import { writeText } from './write-text.ts';

/** Every form under its name. Says which ones changed their program, so that a pass without effect is seen. */
export async function writeDump(folder: string, trace: RecordingTrace): Promise<void> {
  for (const [name, text] of trace.snapshots) await writeText(join(folder, name), text);
  say(`wrote ${trace.snapshots.size} forms to ${folder}; * marks those that differ from the one before:`);
  const before = new Map<string, string>();
  for (const [name, text] of trace.snapshots) {
    const subject = programOf(name) ?? name;
    say(`  ${before.get(subject) === text ? ' ' : '*'} ${name}`);
    before.set(subject, text);
  }
}

/** Null for the states of programs, whose numbers depend on their passes. */
const prefixes: Readonly<Record<PrintedForm, string | null>> = {
  graph: '20-',
  dual: '30-',
  plan: '40-',
  program: null,
  module: '80-',
};

/** Of each program its last state. Several forms are divided by a comment with the name of each. */
export function printForm({ snapshots }: RecordingTrace, form: PrintedForm): string {
  const prefix = prefixes[form];
  const names = prefix === null ? finalStates([...snapshots.keys()]) : namesUnder(snapshots, prefix);
  const texts = names.map(name => found(snapshots.get(name), name));
  return texts.length === 1 ? texts.join('') : names.map((name, index) => `; ${name}\n${texts[index]}\n`).join('');
}

const namesUnder = (snapshots: ReadonlyMap<string, string>, prefix: string): string[] =>
  [...snapshots.keys()].filter(name => name.startsWith(prefix));

const finalStates = (names: readonly string[]): string[] => [
  ...new Map(names.flatMap(name => (programOf(name) === null ? [] : [[programOf(name), name] as const]))).values(),
];

/** `robustLoss` of `62-robustLoss-cse.txt`; null for what is no tensor program. */
const programOf = (name: string): string | null => /^[56]\d-([A-Za-z]+)/.exec(name)?.[1] ?? null;
