/** One program → the functions of its sections and the calls that run them in order. */
import type { LayerGraph } from '../2-graph/layer.ts';
import type { TensorProgram } from '../5-program/tensor-program.ts';
import { type Liveness, liveness } from '../6-passes/liveness.ts';
import { found } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import { nameValues } from './name-values.ts';
import { type FunctionContext, type Given, givens, type PrintedFunction, printFunction } from './print-function.ts';
import type { OpPrinter } from './print-op.ts';
import { docOf, functionName, type ProgramStyle, recordName } from './program-style.ts';
import { capitalized } from './safe-identifier.ts';
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
  readonly plan: Liveness;
  readonly functions: readonly FunctionView[];
  /** The statements that call the functions which the given outputs need, with what is freed in between. */
  readonly calls: (outputs: readonly string[]) => readonly string[];
  /** How a driver refers to an output. */
  readonly output: (name: string) => string;
  readonly usesBatch: boolean;
}

export function buildGroup(
  program: TensorProgram,
  graph: LayerGraph,
  style: ProgramStyle,
  printer: OpPrinter,
  types: boolean,
): ProgramGroup {
  const plan = liveness(program);
  const { sections, sectionOf } = plan.split;
  const records = sections.map(section => recordName(section.name));
  const context: FunctionContext = {
    plan,
    names: nameValues(plan, program.outputs, [...givens, ...records, 'tf', 'start']),
    definitions: definitionsOf(program),
    printer,
    recordOf: recordName,
  };
  const printed = new Map(sections.map(section => [section.name, printFunction(section, context)]));
  const typeName = (section: string): string => capitalized(functionName(section, style));
  const functions = sections.map((section): FunctionView => {
    const body = found(printed.get(section.name), section.name);
    return {
      doc: docOf(section.name, graph, style),
      name: functionName(section.name, style),
      head: wrapList(`function ${functionName(section.name, style)}(`, parametersOf(body, types, typeName), ') {'),
      lines: body.lines,
      record: [...printed.values()].some(other => other.records.includes(section.name)) ? typeName(section.name) : '',
    };
  });
  const output = (name: string): string => {
    const value = found(program.outputs[name], `output ${name}`);
    const section = found(sectionOf.get(value), `section of output ${name}`);
    return `${recordName(section)}.${found(context.names.get(value), `name of ${name}`)}`;
  };
  const nameOf = (value: ValueId): string =>
    `${recordName(found(sectionOf.get(value), 'a section'))}.${found(context.names.get(value), 'a name')}`;

  function calls(outputs: readonly string[]): string[] {
    const needed = new Set<string>();
    const need = (section: string): void => {
      if (needed.has(section)) return;
      needed.add(section);
      for (const value of found(
        sections.find(other => other.name === section),
        section,
      ).imports)
        need(found(sectionOf.get(value), 'a section'));
    };
    for (const name of outputs) need(found(sectionOf.get(found(program.outputs[name], name)), name));
    return sections
      .filter(section => needed.has(section.name))
      .flatMap(section => {
        const body = found(printed.get(section.name), section.name);
        const call = `const ${recordName(section.name)} = ${functionName(section.name, style)}(${argumentsOf(body).join(', ')});`;
        const freed = (plan.freedAfterSection.get(section.name) ?? []).map(nameOf);
        return freed.length === 0 ? [call] : [call, ...disposal(freed)];
      });
  }

  const usesBatch = [...printed.values()].some(body => body.given.has('batch'));
  return { plan, functions, calls, output, usesBatch };
}

function disposal(values: readonly string[]): string[] {
  const line = `tf.dispose(${values.length === 1 ? values[0] : `[${values.join(', ')}]`});`;
  return line.length < 110 ? [line] : ['tf.dispose([', ...values.map(value => `  ${value},`), ']);'];
}

const argumentsOf = (body: PrintedFunction): string[] => [
  ...givens.filter(given => body.given.has(given)),
  ...body.records.map(recordName),
];

function parametersOf(body: PrintedFunction, types: boolean, typeName: (section: string) => string): string[] {
  const given = givens.filter(name => body.given.has(name)).map(name => [name, typeOfGiven[name]] as const);
  const records = body.records.map(section => [recordName(section), typeName(section)] as const);
  return [...given, ...records].map(([name, type]) => (types ? `${name}: ${type}` : name));
}

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
