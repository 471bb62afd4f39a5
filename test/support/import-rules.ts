/**
 * Who may import whom in `compiler` and `runtime`.
 *
 * The stages of the compiler are numbered folders, and each speaks to the next through a form that is data only: a type. So a stage
 * imports types of earlier stages, never anything of a later one, and no functions of another stage, with one kind of exception:
 * what a form offers about itself, such as how it is built, verified, printed and named. Those files are listed below. Lowerings,
 * choices and passes are never on the list: `compile-graph.ts` alone calls them in order.
 *
 * What a kind of layer says of itself (`compiler/layers`) is for all stages. It speaks of the forms of the first two, so it knows
 * their types, and the few functions that are listed.
 */
import type { SourceImport } from './source-imports.ts';

/** Files whose functions later stages may use, by the stages that may. */
const offered: Readonly<Record<string, readonly number[]>> = {
  // What a layer is to the stages behind the graph.
  'compiler/2-graph/roles.ts': [3, 4, 5, 6, 7],
  // What files of weights hold.
  'compiler/2-graph/parameters.ts': [3, 4, 5, 6, 7],
  // How a window grows on its way back.
  'compiler/3-dual/receptive-fields.ts': [5],
  // How a strategy is called, which relaxations it meets, and whether a plan proves something.
  'compiler/4-schedule/plan.ts': [5, 7],
  'compiler/4-schedule/check-plan.ts': [7],
  // The tensor program: passes take it apart and build it again, emission reads it.
  'compiler/5-program/builder.ts': [6, 7],
  'compiler/5-program/check-program.ts': [6, 7],
  'compiler/5-program/print-program.ts': [6, 7],
  'compiler/5-program/dim.ts': [6, 7],
  'compiler/5-program/op-key.ts': [6, 7],
  'compiler/5-program/op-table.ts': [6, 7],
  'compiler/5-program/memory-size.ts': [6],
  'compiler/5-program/operands.ts': [6, 7],
  // Which values die where: an analysis of the program, not a step of the pipeline.
  'compiler/6-passes/liveness.ts': [7],
  // Which parts of programs are alike, for those that make functions of them.
  'compiler/6-passes/structure.ts': [7],
};

/** Functions that the definitions of layers use: how options are read, windows counted, words made to run. */
const offeredToLayers = [
  'compiler/1-frontend/option-rules.ts',
  'compiler/2-graph/padding.ts',
  'compiler/authoring/make-layer.ts',
];

/** Reads architecture files; loading it takes longer than all the rest. */
const readersOfSyntax = ['compiler/1-frontend/syntax/open-source.ts'];

const stageOf = (file: string): number | null => {
  const match = /^compiler\/(\d)-/.exec(file);
  return match === null ? null : Number(match[1]);
};

/** How a file is read, and how large it may be: the compiler reads as the runtime does. */
const readingOfFiles = ['runtime/files/read-file.ts', 'runtime/files/file-kinds.ts'];
/** What a module computes from shapes alone, and the compiler has to know beforehand. */
const knownFromShapes: Readonly<Record<string, readonly string[]>> = {
  'runtime/ops/window-geometry.ts': ['compiler/7-emit/functions/derived-slots.ts'],
  'runtime/ops/slope-map-groups.ts': ['compiler/5-program/operations/slope-map-norms.ts'],
  'runtime/ops/norm-blocks.ts': [
    'compiler/5-program/operations/transposed-conv2d-norms.ts',
    'compiler/6-passes/norms-of-maps.ts',
  ],
};
const readersOfFiles = ['compiler/1-frontend/open-file.ts', 'compiler/diagnostics/read-source.ts'];

/** Null when the import is as it should be. */
export function whyForbidden({ from, to, isRelative, isType }: SourceImport): string | null {
  if (to === 'ts-morph') return readersOfSyntax.includes(from) ? null : 'only the reader of syntax needs ts-morph';
  if (!isRelative) return null;
  if (from.startsWith('runtime/')) return to.startsWith('runtime/') ? null : 'the runtime stands alone';
  if (readingOfFiles.includes(to) && readersOfFiles.includes(from)) return null;
  if (knownFromShapes[to]?.includes(from)) return null;
  if (to.startsWith('runtime/'))
    return isType || from.startsWith('compiler/cli/') ? null : 'only the command line runs the runtime';
  if (from.startsWith('compiler/shared/'))
    return to.startsWith('compiler/shared/') ? null : 'what all stages share knows none of them';
  if (from.startsWith('compiler/diagnostics/'))
    return /^compiler\/(shared|diagnostics)\//.test(to) ? null : 'diagnostics know no stage';
  const [stage, other] = [stageOf(from), stageOf(to)];
  if (from.startsWith('compiler/layers/')) {
    if (/^compiler\/(shared|diagnostics|layers)\//.test(to) || offeredToLayers.includes(to)) return null;
    return isType && (to === 'compiler/authoring/handles.ts' || (other !== null && other <= 2))
      ? null
      : 'a layer knows the types of the graph and what comes before it';
  }
  if (stage === null || stage === other) return null;
  if (other === null)
    return /^compiler\/(shared|diagnostics|layers)\//.test(to) ? null : 'a stage is called, it does not know by whom';
  if (other > stage) return 'a stage does not know a later one';
  return isType || offered[to]?.includes(stage) ? null : 'a stage imports types of an earlier one, not its functions';
}
