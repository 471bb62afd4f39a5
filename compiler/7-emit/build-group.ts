/** One program of a module → the calls that run it in order. */
import { isSource } from '../5-program/op-table.ts';
import type { Instr } from '../5-program/tensor-program.ts';
import type { Section } from '../6-passes/scopes.ts';
import { found } from '../shared/assert.ts';
import { array, call, type Expression, givensOf, name, tensorCall } from '../shared/expression.ts';
import type { ValueId } from '../shared/ids.ts';
import type { ModuleFunctions, ProgramInput } from './functions/build-functions.ts';
import { sourceExpression } from './functions/print-unit.ts';
import { keepsKnown, knownType } from './known-values.ts';
import { type ExpressionPrinter, onOneLine } from './print-expression.ts';
import { type Code, code, identifier, joined } from './safe-text.ts';
import { type Given, givens } from './section-names.ts';
import { printStatements, wrapExpression } from './wrap-expression.ts';

export interface ProgramGroup {
  /** `shared` are calls among them that a function of their own makes. */
  readonly calls: (outputs: readonly string[], shared?: SharedCalls | null) => Calls;
  /** What all of several lists of outputs need, as a function of that name; null when that is too little. */
  readonly sharedBy: (outputs: readonly (readonly string[])[], as: Code) => SharedCalls | null;
  /** What the functions hand to each other in one object; null when they take their records one by one. */
  readonly known: KnownValues | null;
}

export interface Calls {
  /** The statements that call the functions which some outputs need, with what is freed in between. */
  readonly lines: readonly Code[];
  /** What they, and the outputs, read. */
  readonly given: ReadonlySet<Given>;
  /** How each of the outputs is returned: a tensor of its own. */
  readonly returned: ReadonlyMap<string, Code>;
}

export interface KnownValues {
  readonly type: Code;
  /** Each with the function that returns it. */
  readonly fields: readonly (readonly [name: Code, by: Code])[];
}

export interface SharedCalls {
  readonly program: string;
  readonly name: Code;
  readonly sections: ReadonlySet<string>;
  readonly lines: readonly Code[];
  readonly given: ReadonlySet<Given>;
}

/** Fewer calls than that stand in each function that needs them. */
const fewestShared = 3;

export function buildGroup(
  { program, plan }: ProgramInput,
  functions: ModuleFunctions,
  printer: ExpressionPrinter,
  types: boolean,
): ProgramGroup {
  const { sections, sectionOf } = plan.split;
  const isKept = keepsKnown(plan);
  const noneKnown = code`const r = {}${types ? code` as ${knownType(program.name)}` : code``};`;
  const definitions = new Map(program.body.map(instr => [instr.out, instr]));
  const outputOf = (output: string): ValueId => found(program.outputs[output], `output ${output}`);
  const definitionOf = (output: string): Instr => found(definitions.get(outputOf(output)), `output ${output}`);
  const placeOf = (value: ValueId): Expression => functions.placeOf(program.name, value);
  const printed = (expression: Expression): Code => onOneLine(expression, printer);

  /**
   * Whoever gets the outputs disposes of them one by one. What was given belongs to the caller already, and two outputs may be
   * one value (the biases of two layers that are added have one gradient): those are cloned.
   */
  function returnedFor(outputs: readonly string[]): Map<string, Code> {
    const owned = new Set<ValueId>();
    return new Map(
      outputs.map(output => {
        const instr = definitionOf(output);
        if (isSource(instr.op)) return [output, code`tf.clone(${printed(sourceExpression(instr))})`];
        const isFirst = !owned.has(instr.out);
        owned.add(instr.out);
        const own = printed(placeOf(instr.out));
        return [output, isFirst ? own : code`tf.clone(${own})`];
      }),
    );
  }

  /** The sections that the outputs need, in order. */
  function sectionsFor(outputs: readonly string[]): readonly Section[] {
    const needed = new Set(outputs.flatMap(output => sectionOf.get(outputOf(output)) ?? []));
    for (const section of sections.toReversed())
      if (needed.has(section.name))
        for (const value of section.imports) needed.add(found(sectionOf.get(value), `section of %${value}`));
    return sections.filter(section => needed.has(section.name));
  }

  function linesOf(called: readonly Section[], indent: Code): Code[] {
    return called.flatMap(section => {
      const { record, callee, args } = functions.callOf(program.name, section.name);
      const freed = (plan.freedAfterSection.get(section.name) ?? []).map(placeOf);
      const value = call(name(callee), args);
      const disposals = freed.length === 0 ? [] : [{ kind: 'do', value: disposal(freed) } as const];
      const before = isKept ? code`r.${record} = ` : code`const ${record} = `;
      return [
        ...wrapExpression(value, { indent, before, after: code`;` }, printer),
        ...printStatements(disposals, indent, printer),
      ];
    });
  }

  const givensOfCalls = (called: readonly Section[]): Given[] =>
    called.flatMap(section => [...functions.callOf(program.name, section.name).given]);

  function calls(outputs: readonly string[], shared: SharedCalls | null = null): Calls {
    const called = sectionsFor(outputs);
    const others = called.filter(section => shared === null || !shared.sections.has(section.name));
    const first = shared === null ? noneKnown : callOfShared(shared);
    const direct = outputs
      .map(definitionOf)
      .flatMap(instr => (isSource(instr.op) ? givensOf(sourceExpression(instr)) : []));
    return {
      lines: [...(isKept ? [code`    ${first}`] : []), ...linesOf(others, code`    `)],
      given: new Set([...givensOfCalls(called), ...direct]),
      returned: returnedFor(outputs),
    };
  }

  function sharedBy(lists: readonly (readonly string[])[], as: Code): SharedCalls | null {
    const [first = [], ...rest] = lists.map(sectionsFor);
    const others = rest.map(called => new Set(called));
    const common = first.filter(section => others.every(other => other.has(section)));
    if (!isKept || others.length === 0 || common.length < fewestShared) return null;
    const given = new Set(givensOfCalls(common).filter(each => each !== 'r'));
    return {
      program: program.name,
      name: as,
      sections: new Set(common.map(section => section.name)),
      lines: [code`  ${noneKnown}`, ...linesOf(common, code`  `), code`  return r;`],
      given,
    };
  }

  const fields = sections.map(section => {
    const { record, callee } = functions.callOf(program.name, section.name);
    return [record, callee] as const;
  });
  return { calls, sharedBy, known: isKept ? { type: knownType(program.name), fields } : null };
}

const callOfShared = ({ name: callee, given }: SharedCalls): Code =>
  code`const r = ${callee}(${joined(givens.filter(each => given.has(each)).map(identifier), ', ')});`;

function disposal(values: readonly Expression[]): Expression {
  const [only, ...others] = values;
  return tensorCall('dispose', only !== undefined && others.length === 0 ? only : array(values));
}
