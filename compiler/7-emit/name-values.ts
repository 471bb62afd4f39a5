/** Gives every statement's result a name: the layer it belongs to, unless that is the function's own, and its role. */
import type { Instr } from '../5-program/tensor-program.ts';
import type { Liveness } from '../6-passes/liveness.ts';
import type { Statement } from '../6-passes/statements.ts';
import type { ValueId } from '../shared/ids.ts';
import { capitalized, safeIdentifier } from './safe-identifier.ts';

export function nameValues(
  plan: Liveness,
  outputs: Readonly<Record<string, ValueId>>,
  reservedNames: readonly string[],
): Map<ValueId, string> {
  const outputNames = new Map(Object.entries(outputs).map(([name, value]) => [value, name]));
  const names = new Map<ValueId, string>();
  for (const section of plan.split.sections) {
    const taken = new Set(reservedNames);
    nameStatements(plan.sectionStatements.get(section.name) ?? [], section.name, plan, outputNames, names, taken);
  }
  return names;
}

function nameStatements(
  statements: readonly Statement[],
  section: string,
  plan: Liveness,
  outputNames: ReadonlyMap<ValueId, string>,
  names: Map<ValueId, string>,
  taken: Set<string>,
): void {
  for (const { root } of statements) {
    const block = plan.blockStatements.get(root.out);
    if (block !== undefined) nameStatements(block, section, plan, outputNames, names, taken);
    const wanted = outputName(outputNames.get(root.out)) ?? wantedName(root, section);
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted}${count}`;
    taken.add(name);
    names.set(root.out, name);
  }
}

function wantedName({ origin }: Instr, section: string): string {
  const ownLayer = section.replace(/^gradient:/, '').replace(/^bounds:/, '');
  const role = safeIdentifier(origin.role);
  if (origin.layer === null || origin.layer === ownLayer) return role;
  return safeIdentifier(origin.layer) + capitalized(role);
}

/** Gradients are named after their parameter: `gradient.conv1.weight` → `conv1WeightGradient`. */
function outputName(output: string | undefined): string | null {
  const parameter = /^gradient\.(.+)$/.exec(output ?? '')?.[1];
  return parameter === undefined ? null : safeIdentifier(`${parameter} gradient`);
}
