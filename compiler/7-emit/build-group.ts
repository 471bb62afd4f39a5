/** One program of a module → the calls that run it in order. */
import { isSource } from '../5-program/op-table.ts';
import type { Instr } from '../5-program/tensor-program.ts';
import { found } from '../shared/assert.ts';
import { array, call, type Expression, givensOf, name, tensorCall } from '../shared/expression.ts';
import type { ValueId } from '../shared/ids.ts';
import type { ModuleFunctions, ProgramInput } from './functions/build-functions.ts';
import { sourceExpression } from './functions/print-unit.ts';
import { type ExpressionPrinter, onOneLine } from './print-expression.ts';
import { type Code, code } from './safe-text.ts';
import type { Given } from './section-names.ts';
import { printStatements } from './wrap-expression.ts';

export interface ProgramGroup {
  readonly calls: (outputs: readonly string[]) => Calls;
}

export interface Calls {
  /** The statements that call the functions which some outputs need, with what is freed in between. */
  readonly lines: readonly Code[];
  /** What they, and the outputs, read. */
  readonly given: ReadonlySet<Given>;
  /** How each of the outputs is returned: a tensor of its own. */
  readonly returned: ReadonlyMap<string, Code>;
}

export function buildGroup(
  { program, plan }: ProgramInput,
  functions: ModuleFunctions,
  printer: ExpressionPrinter,
): ProgramGroup {
  const { sections, sectionOf } = plan.split;
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
  function sectionsFor(outputs: readonly string[]): typeof sections {
    const needed = new Set(outputs.flatMap(output => sectionOf.get(outputOf(output)) ?? []));
    for (const section of sections.toReversed())
      if (needed.has(section.name))
        for (const value of section.imports) needed.add(found(sectionOf.get(value), `section of %${value}`));
    return sections.filter(section => needed.has(section.name));
  }

  function calls(outputs: readonly string[]): Calls {
    const called = sectionsFor(outputs).map(section => ({
      section,
      call: functions.callOf(program.name, section.name),
    }));
    const lines = called.flatMap(({ section, call: { record, callee, args } }) => {
      const freed = (plan.freedAfterSection.get(section.name) ?? []).map(placeOf);
      const value = call(name(callee), args);
      return printStatements(
        [
          { kind: 'const', name: record, value, comment: '' } as const,
          ...(freed.length === 0 ? [] : [{ kind: 'do', value: disposal(freed) } as const]),
        ],
        code`    `,
        printer,
      );
    });
    const direct = outputs
      .map(definitionOf)
      .flatMap(instr => (isSource(instr.op) ? givensOf(sourceExpression(instr)) : []));
    return {
      lines,
      given: new Set([...called.flatMap(each => [...each.call.given]), ...direct]),
      returned: returnedFor(outputs),
    };
  }

  return { calls };
}

function disposal(values: readonly Expression[]): Expression {
  const [only, ...others] = values;
  return tensorCall('dispose', only !== undefined && others.length === 0 ? only : array(values));
}
