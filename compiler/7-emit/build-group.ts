/** One program → the functions of its sections and the calls that run them in order. */
import type { LayerGraph } from '../2-graph/layer.ts';
import type { Plan } from '../4-schedule/plan.ts';
import { isSource } from '../5-program/op-table.ts';
import type { TensorProgram } from '../5-program/tensor-program.ts';
import type { Liveness } from '../6-passes/liveness.ts';
import { found } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import { nameValues } from './name-values.ts';
import { type FunctionContext, type PrintedFunction, printFunction } from './print-function.ts';
import { givenOf, type OpPrinter, printOp } from './print-op.ts';
import { capitalized } from './safe-identifier.ts';
import { sectionDocs } from './section-docs.ts';
import { type Given, givens, moduleNames, nameSections } from './section-names.ts';
import type { FunctionView } from './view-model.ts';
import { wrapList } from './wrap-list.ts';

const typeOfGiven: Record<Given, string> = {
  p: 'NetworkParams',
  x: 'tf.Tensor',
  labels: 'tf.Tensor1D',
  epsilon: 'number',
  batch: 'number',
  key: 'RandomKey',
};

export interface ProgramGroup {
  readonly functions: readonly FunctionView[];
  readonly calls: (outputs: readonly string[]) => Calls;
  /** How a driver refers to an output. */
  readonly output: (name: string) => string;
}

export interface Calls {
  /** The statements that call the functions which some outputs need, with what is freed in between. */
  readonly lines: readonly string[];
  /** What they, and the outputs, read. */
  readonly given: ReadonlySet<Given>;
}

export interface GroupOptions {
  /** Of the names of its functions. */
  readonly prefix: string;
  /** How its bounds are computed, for the comments. */
  readonly schedule: Plan | null;
  readonly printer: OpPrinter;
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
  const typeName = (section: string): string => capitalized(namesOf(section).function);
  const docOf = sectionDocs(graph, schedule, sectionNames);
  const readRecords = new Set([...printed.values()].flatMap(body => body.records));
  const functions = sections.map((section): FunctionView => {
    const body = bodyOf(section.name);
    const name = namesOf(section.name).function;
    return {
      doc: docOf(section.name),
      name,
      head: wrapList(`function ${name}(`, parametersOf(body), ') {'),
      lines: body.lines,
      record: readRecords.has(section.name) ? typeName(section.name) : '',
    };
  });
  function parametersOf(body: PrintedFunction): string[] {
    const given = givens.filter(name => body.given.has(name)).map(name => [name, typeOfGiven[name]] as const);
    const read = body.records.map(section => [namesOf(section).record, typeName(section)] as const);
    return [...given, ...read].map(([name, type]) => (types ? `${name}: ${type}` : name));
  }

  const outputOf = (name: string): ValueId => found(program.outputs[name], `output ${name}`);
  const nameOf = (value: ValueId): string => {
    const section = found(sectionOf.get(value), `section of %${value}`);
    return `${namesOf(section).record}.${found(context.names.get(value), `name of %${value}`)}`;
  };

  function output(name: string): string {
    const { op, out, shape } = found(context.definitions.get(outputOf(name)), `output ${name}`);
    // What is given belongs to the caller, who may dispose of what is returned: so a clone.
    return isSource(op) ? `tf.clone(${printOp(op, [], printer, shape)})` : nameOf(out);
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
      const call = `const ${namesOf(name).record} = ${namesOf(name).function}(${argumentsOf(bodyOf(name), context).join(', ')});`;
      const freed = (plan.freedAfterSection.get(name) ?? []).map(nameOf);
      return freed.length === 0 ? [call] : [call, ...disposal(freed)];
    });
    const direct = outputs.flatMap(name => givenOf(found(context.definitions.get(outputOf(name)), name)) ?? []);
    return { lines, given: new Set([...called.flatMap(({ name }) => [...bodyOf(name).given]), ...direct]) };
  }

  return { functions, calls, output };
}

function disposal(values: readonly string[]): string[] {
  const line = `tf.dispose(${values.length === 1 ? values[0] : `[${values.join(', ')}]`});`;
  return line.length < 110 ? [line] : ['tf.dispose([', ...values.map(value => `  ${value},`), ']);'];
}

const argumentsOf = (body: PrintedFunction, { recordOf }: FunctionContext): string[] => [
  ...givens.filter(given => body.given.has(given)),
  ...body.records.map(recordOf),
];

function definitionsOf(program: TensorProgram): Map<ValueId, TensorProgram['body'][number]> {
  const definitions = new Map<ValueId, TensorProgram['body'][number]>();
  const note = (body: TensorProgram['body']): void => {
    for (const instr of body) {
      definitions.set(instr.out, instr);
      if (instr.op.kind === 'chunked' || instr.op.kind === 'summedChunks') note(instr.op.block.body);
    }
  };
  note(program.body);
  return definitions;
}
