/** Programs and plans → the view that the templates print. */
import type { FunctionName, ModelMeta } from '../../runtime/contract.ts';
import type { LayerGraph } from '../2-graph/layer.ts';
import type { Schedule } from '../4-schedule/plan.ts';
import { printStrategy } from '../4-schedule/plan.ts';
import { found } from '../shared/assert.ts';
import type { RuntimeSymbol } from '../shared/runtime-symbols.ts';
import { buildDriver, outputsOf } from './build-driver.ts';
import { buildFunctionView } from './build-function-view.ts';
import { buildGroup } from './build-group.ts';
import { fileName } from './build-meta.ts';
import { buildShared, knownView, noneKnown } from './build-shared.ts';
import type { EmittedProgram, ExportedFunction } from './exported-function.ts';
import { buildFunctions } from './functions/build-functions.ts';
import { geometriesOf, geometryTable } from './functions/layer-geometry.ts';
import { lineWidth } from './line-width.ts';
import { literalTree } from './literal-tree.ts';
import { unused } from './safe-identifier.ts';
import { type Code, code, commentLines, commentText, identifier, printKey, quoted } from './safe-text.ts';
import { sectionDocs } from './section-docs.ts';
import { takenNames } from './section-names.ts';
import type { GroupView, ModuleView } from './view-model.ts';
import { wrapExpression } from './wrap-expression.ts';
import { wrapList } from './wrap-list.ts';

export interface EmitOptions {
  readonly language: 'ts' | 'js';
  /** Module specifiers of TensorFlow.js as dualc has it, and of the runtime. */
  readonly tensors: string;
  readonly runtime: string;
  /** The command that makes the module again. */
  readonly command: string;
}

/** `programs` in the order in which they stand in the module. */
export function buildView(
  graph: LayerGraph,
  schedule: Schedule,
  programs: readonly EmittedProgram[],
  meta: ModelMeta,
  options: EmitOptions,
): ModuleView {
  const types = options.language === 'ts';
  const symbols = new Set<RuntimeSymbol>(['checkCall']);
  const printer = {
    runtime(symbol: RuntimeSymbol): Code {
      symbols.add(symbol);
      return identifier(symbol);
    },
  };
  const exported = programs.flatMap(({ functions }) => entriesOf(functions));
  for (const [, row] of exported) for (const symbol of row.symbols) symbols.add(symbol);
  const taken = takenNames(exported.map(([name]) => name));
  const layers = new Map<string, readonly string[]>(graph.layers.map(({ id, inputs }) => [id, inputs]));
  const geometries = geometriesOf(
    found(
      programs.find(({ program }) => program.name === 'forward'),
      'the network',
    ).program,
  );
  const functions = buildFunctions(programs, { layers, taken, types, geometries, source: graph.source });
  const told = new Set(
    programs.flatMap(({ program }) =>
      functions.functionsOf(program.name).flatMap(({ parameters }) => parameters.list.map(({ type }) => type)),
    ),
  );
  const groups = programs.map((input): GroupView => {
    const docOf = sectionDocs(graph, input.schedule, functions);
    const group = buildGroup(input, functions, printer, types);
    const lists = entriesOf(input.functions).map(([, row]) => outputsOf(row.result.of(meta)));
    const shared = input.shared === null ? null : group.sharedBy(lists, unused(input.shared.name, taken));
    return {
      title: commentText(input.title),
      functions: functions
        .functionsOf(input.program.name)
        .map(each =>
          buildFunctionView(each, { doc: docOf(each), printer, types, isTypeNamed: told.has(each.names.typeName) }),
        ),
      known: types ? knownView(group) : noneKnown,
      drivers: [
        ...(shared === null ? [] : [buildShared(shared, { doc: input.shared?.doc ?? [], types })]),
        ...entriesOf(input.functions).map(([name, row]) => buildDriver(group, name, row, { meta, types, shared })),
      ],
    };
  });
  return {
    types,
    compiler: commentText(meta.compiler),
    source: commentText(fileName(graph.source)),
    hash: commentText(graph.sourceHash.slice(0, 8)),
    command: commentLines(`Do not edit; run \`${options.command}\`.`, lineWidth - 3),
    summary: [
      ...summaryOf('Certifies', schedule.certify),
      ...summaryOf('Trains', schedule.train),
      schedule.certify.arithmetic.kind === 'float32'
        ? 'What is certified holds for the network of real numbers and for float32: rounding is part of every bound.'
        : 'Compiled for comparisons: rounding is left out, and nothing is certified.',
    ].flatMap(line => commentLines(line, lineWidth - 3)),
    tensors: quoted(options.tensors),
    runtime: quoted(options.runtime),
    importLines: wrapList(
      code`import { `,
      [...symbols].toSorted().map(identifier),
      code` } from ${quoted(options.runtime)};`,
    ),
    typeImportLines: types
      ? wrapList(
          code`import type { `,
          [
            ...new Set([
              ...moduleTypes,
              ...exported.flatMap(([, row]) => row.types),
              ...runtimeTypes.filter(type => told.has(identifier(type))),
            ]),
          ]
            .toSorted()
            .map(identifier),
          code` } from ${quoted(options.runtime)};`,
        )
      : [],
    modelLines: wrapList(
      code`const model${types ? code`: RobustModel` : code``} = { `,
      ['meta', ...exported.map(([name]) => name)].map(identifier),
      code` };`,
    ),
    geometryLines:
      geometries.fields.length === 0
        ? []
        : wrapExpression(
            geometryTable(geometries),
            {
              indent: code``,
              before: code`const geometry = `,
              after: types ? code` as const;` : code`;`,
            },
            printer,
          ),
    metaLines: wrapExpression(literalTree(meta), { indent: code``, before: code``, after: code`;` }, printer),
    parameters: meta.parameters.map(parameter => ({
      key: printKey(parameter.name),
      comment: commentText(`[${parameter.shape.join(', ')}]`),
    })),
    groups,
  };
}

/** Types of the runtime that parameters of functions may have. */
const runtimeTypes = ['LayerGeometry', 'WindowsOfMap'];

/** Types of the contract that every module names. */
const moduleTypes = ['ModelMeta', 'Params', 'RobustModel'];

const entriesOf = (functions: EmittedProgram['functions']): [FunctionName, ExportedFunction][] =>
  Object.entries(functions) as [FunctionName, ExportedFunction][];

const summaryOf = (verb: string, plan: Schedule['certify']): string[] => [
  `${verb} with:`,
  ...plan.choices.map(choice => `  ${choice.bound}: ${printStrategy(choice.strategy)}`),
];
