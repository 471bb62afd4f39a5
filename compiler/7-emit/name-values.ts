/** Gives every statement's result a name: the layer it belongs to, unless that is the function's own, and its role. */
import type { Instr } from '../5-program/tensor-program.ts';
import type { Liveness } from '../6-passes/liveness.ts';
import type { Statement } from '../6-passes/statements.ts';
import type { ValueId } from '../shared/ids.ts';
import { capitalizedName, safeIdentifier, unused } from './safe-identifier.ts';
import { type Code, code } from './safe-text.ts';

export function nameValues(
  plan: Liveness,
  outputs: Readonly<Record<string, ValueId>>,
  reservedNames: readonly string[],
): Map<ValueId, Code> {
  const outputNames = new Map(Object.entries(outputs).map(([name, value]) => [value, name]));
  const layers = new Set(plan.split.sections.flatMap(({ body }) => body.flatMap(({ origin }) => origin.layer ?? [])));
  const names = new Map<ValueId, Code>();
  const reserved = new Set(reservedNames);
  for (const section of plan.split.sections) {
    const taken = new Set<string>();
    const visit = (statements: readonly Statement[]): void => {
      for (const { root } of statements) {
        visit(plan.blockStatements.get(root.out) ?? []);
        const wanted = outputName(outputNames.get(root.out)) ?? wantedName(root, section.name, layers);
        names.set(root.out, unused(wanted, taken, reserved));
      }
    };
    visit(plan.sectionStatements.get(section.name) ?? []);
  }
  return names;
}

function wantedName({ origin }: Instr, section: string, layers: ReadonlySet<string>): Code {
  const ownLayer = section.replace(/^gradient:/, '').replace(/^bounds:/, '');
  const [first = '', ...rest] = origin.role.split(' ');
  if (layers.has(first) && rest.length > 0) return safeIdentifier(first === ownLayer ? rest.join(' ') : origin.role);
  const role = safeIdentifier(origin.role);
  if (origin.layer === null || origin.layer === ownLayer) return role;
  return code`${safeIdentifier(origin.layer)}${capitalizedName(role)}`;
}

/** Gradients are named after their parameter: `gradient.conv1.weight` → `conv1WeightGradient`. */
function outputName(output: string | undefined): Code | null {
  const parameter = /^gradient\.(.+)$/.exec(output ?? '')?.[1];
  return parameter === undefined ? null : safeIdentifier(`${parameter} gradient`);
}
