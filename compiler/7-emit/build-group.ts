/** One program → the functions of its sections and the calls that run them in order. */
import type { LayerGraph } from '../2-graph/layer.ts';
import type { Plan } from '../4-schedule/plan.ts';
import { isSource } from '../5-program/op-table.ts';
import { blockOf } from '../5-program/operands.ts';
import type { Instr, TensorProgram } from '../5-program/tensor-program.ts';
import type { Liveness } from '../6-passes/liveness.ts';
import { found } from '../shared/assert.ts';
import { givensOf } from '../shared/expression.ts';
import type { ValueId } from '../shared/ids.ts';
import { nameValues } from './name-values.ts';
import { type ExpressionPrinter, onOneLine } from './print-expression.ts';
import { type FunctionContext, type PrintedFunction, printFunction, sourceExpression } from './print-function.ts';
import { capitalizedName } from './safe-identifier.ts';
import { type Code, code, identifier } from './safe-text.ts';
import { sectionDocs } from './section-docs.ts';
import { type Given, givens, moduleNames, nameSections } from './section-names.ts';
import type { FunctionView } from './view-model.ts';
import { wrapList } from './wrap-list.ts';

const typeOfGiven: Record<Given, Code> = {
  p: code`NetworkParams`,
  x: code`tf.Tensor`,
  labels: code`tf.Tensor1D`,
  epsilon: code`number`,
  batch: code`number`,
  key: code`RandomKey`,
};

export interface ProgramGroup {
  readonly functions: readonly FunctionView[];
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

export interface GroupOptions {
  /** Of the names of its functions. */
  readonly prefix: Code;
  /** How its bounds are computed, for the comments. */
  readonly schedule: Plan | null;
  readonly printer: ExpressionPrinter;
  /** Names of the module's functions so far; those of the group join them. */
  readonly taken: Set<string>;
  readonly types: boolean;
}

export function buildGroup(
  program: TensorProgram,
  plan: Liveness,
  graph: LayerGraph,
  { prefix, schedule, printer, taken, types }: GroupOptions,
): ProgramGroup {
  const { sections, sectionOf } = plan.split;
  const sectionNames = nameSections(
    sections.map(section => section.name),
    prefix,
    taken,
  );
  const namesOf = (section: string) => found(sectionNames.get(section), `names of ${section}`);
  const records = [...sectionNames.values()].map(names => names.record);
  const context: FunctionContext = {
    plan,
    names: nameValues(plan, program.outputs, [...moduleNames, ...records]),
    definitions: definitionsOf(program),
    printer,
    recordOf: section => namesOf(section).record,
  };
  const printed = new Map(sections.map(section => [section.name, printFunction(section, context)]));
  const bodyOf = (section: string): PrintedFunction => found(printed.get(section), section);
  const typeName = (section: string): Code => capitalizedName(namesOf(section).function);
  const docOf = sectionDocs(graph, schedule, sectionNames);
  const readRecords = new Set([...printed.values()].flatMap(body => body.records));
  const functions = sections.map((section): FunctionView => {
    const body = bodyOf(section.name);
    const name = namesOf(section.name).function;
    return {
      doc: docOf(section.name),
      name,
      head: wrapList(code`function ${name}(`, parametersOf(body), code`) {`),
      lines: body.lines,
      record: readRecords.has(section.name) ? typeName(section.name) : code``,
    };
  });
  function parametersOf(body: PrintedFunction): Code[] {
    const given = givens
      .filter(name => body.given.has(name))
      .map(name => [identifier(name), typeOfGiven[name]] as const);
    const read = body.records.map(section => [namesOf(section).record, typeName(section)] as const);
    return [...given, ...read].map(([name, type]) => (types ? code`${name}: ${type}` : name));
  }

  const outputOf = (name: string): ValueId => found(program.outputs[name], `output ${name}`);
  const nameOf = (value: ValueId): Code => {
    const section = found(sectionOf.get(value), `section of %${value}`);
    return code`${namesOf(section).record}.${found(context.names.get(value), `name of %${value}`)}`;
  };

  /**
   * Whoever gets the outputs disposes of them one by one. What was given belongs to the caller already, and two outputs may be
   * one value (the biases of two layers that are added have one gradient): those are cloned.
   */
  function returnedFor(outputs: readonly string[]): Map<string, Code> {
    const owned = new Set<ValueId>();
    return new Map(
      outputs.map(name => {
        const instr = found(context.definitions.get(outputOf(name)), `output ${name}`);
        if (isSource(instr.op)) return [name, code`tf.clone(${printedSource(instr)})`];
        const isFirst = !owned.has(instr.out);
        owned.add(instr.out);
        return [name, isFirst ? nameOf(instr.out) : code`tf.clone(${nameOf(instr.out)})`];
      }),
    );
  }

  function printedSource(instr: Instr): Code {
    return onOneLine(sourceExpression(instr), printer);
  }

  /** The sections that the outputs need, in order. */
  function sectionsFor(outputs: readonly string[]): typeof sections {
    const needed = new Set(outputs.flatMap(name => sectionOf.get(outputOf(name)) ?? []));
    for (const section of sections.toReversed())
      if (needed.has(section.name))
        for (const value of section.imports) needed.add(found(sectionOf.get(value), `section of %${value}`));
    return sections.filter(section => needed.has(section.name));
  }

  function calls(outputs: readonly string[]): Calls {
    const called = sectionsFor(outputs);
    const lines = called.flatMap(({ name }) => {
      const { record, function: callee } = namesOf(name);
      const call = wrapList(code`const ${record} = ${callee}(`, argumentsOf(bodyOf(name), context), code`);`, 4);
      const freed = (plan.freedAfterSection.get(name) ?? []).map(nameOf);
      return freed.length === 0 ? call : [...call, ...disposal(freed)];
    });
    const direct = outputs
      .map(name => found(context.definitions.get(outputOf(name)), name))
      .flatMap(instr => (isSource(instr.op) ? givensOf(sourceExpression(instr)) : []));
    return {
      lines,
      given: new Set([...called.flatMap(({ name }) => [...bodyOf(name).given]), ...direct]),
      returned: returnedFor(outputs),
    };
  }

  return { functions, calls };
}

function disposal(values: readonly Code[]): Code[] {
  const [only, ...others] = values;
  if (only !== undefined && others.length === 0) return [code`tf.dispose(${only});`];
  return wrapList(code`tf.dispose([`, values, code`]);`, 4);
}

const argumentsOf = (body: PrintedFunction, { recordOf }: FunctionContext): Code[] => [
  ...givens.filter(given => body.given.has(given)).map(identifier),
  ...body.records.map(recordOf),
];

function definitionsOf(program: TensorProgram): Map<ValueId, TensorProgram['body'][number]> {
  const definitions = new Map<ValueId, TensorProgram['body'][number]>();
  const note = (body: TensorProgram['body']): void => {
    for (const instr of body) {
      definitions.set(instr.out, instr);
      note(blockOf(instr.op)?.body ?? []);
    }
  };
  note(program.body);
  return definitions;
}
