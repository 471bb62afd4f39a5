/** Programs and plans → the view that the templates print. */
import type { ModelMeta } from '../../runtime/contract.ts';
import type { LayerGraph } from '../2-graph/layer.ts';
import type { Schedule } from '../4-schedule/plan.ts';
import { printStrategy } from '../4-schedule/plan.ts';
import type { TensorProgram } from '../5-program/tensor-program.ts';
import { liveness } from '../6-passes/liveness.ts';
import type { RuntimeSymbol } from '../shared/runtime-symbols.ts';
import { boundsDriver, forwardDriver, inputGradientDriver, lossDriver, marginsDriver } from './build-drivers.ts';
import { buildGroup } from './build-group.ts';
import { fileName } from './build-meta.ts';
import { lineWidth } from './line-width.ts';
import { literalTree } from './literal-tree.ts';
import { type Code, code, commentLines, commentText, identifier, printKey, quoted } from './safe-text.ts';
import { takenNames } from './section-names.ts';
import type { GroupView, ModuleView } from './view-model.ts';
import { wrapExpression } from './wrap-expression.ts';
import { wrapList } from './wrap-list.ts';

export interface Programs {
  readonly forward: TensorProgram;
  readonly certificate: TensorProgram;
  readonly robustLoss: TensorProgram;
  readonly naturalLoss: TensorProgram;
  readonly inputGradient: TensorProgram;
}

export interface EmitOptions {
  readonly language: 'ts' | 'js';
  /** Module specifiers of TensorFlow.js as dualc has it, and of the runtime. */
  readonly tensors: string;
  readonly runtime: string;
  /** The command that makes the module again. */
  readonly command: string;
}

export function buildView(
  graph: LayerGraph,
  schedule: Schedule,
  programs: Programs,
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
  const taken = takenNames();
  const group = (program: TensorProgram, prefix: Code, plan: Schedule['certify'] | null) =>
    buildGroup(program, liveness(program), graph, { prefix, schedule: plan, printer, taken, types });
  const parameters = meta.parameters.map(parameter => parameter.name);
  const forward = group(programs.forward, code``, null);
  const certificate = group(programs.certificate, code``, schedule.certify);
  const robust = group(programs.robustLoss, code`training`, schedule.train);
  const natural = group(programs.naturalLoss, code`natural`, null);
  const attack = group(programs.inputGradient, code`attack`, null);
  const groups: GroupView[] = [
    { title: commentText('The network.'), functions: forward.functions, drivers: [forwardDriver(forward, types)] },
    {
      title: commentText('The certificate: bounds of every nonlinearity, in order, then the margins.'),
      functions: certificate.functions,
      drivers: [marginsDriver(certificate, types), boundsDriver(certificate, meta.nonlinearities, types)],
    },
    {
      title: commentText('The robust loss and its gradient.'),
      functions: robust.functions,
      drivers: [lossDriver(robust, 'robustLoss', parameters, types)],
    },
    {
      title: commentText('The natural loss and its gradient.'),
      functions: natural.functions,
      drivers: [lossDriver(natural, 'naturalLoss', parameters, types)],
    },
    { title: commentText('For attacks.'), functions: attack.functions, drivers: [inputGradientDriver(attack, types)] },
  ];
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
    metaLines: wrapExpression(literalTree(meta), { indent: code``, before: code``, after: code`;` }, printer),
    parameters: meta.parameters.map(parameter => ({
      key: printKey(parameter.name),
      comment: commentText(`[${parameter.shape.join(', ')}]`),
    })),
    groups,
  };
}

const summaryOf = (verb: string, plan: Schedule['certify']): string[] => [
  `${verb} with:`,
  ...plan.choices.map(choice => `  ${choice.bound}: ${printStrategy(choice.strategy)}`),
];
