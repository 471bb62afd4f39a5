/** A function that the module exports: it calls the functions of its program in order and puts the outputs together. */
import type { FunctionName, ModelMeta } from '../../runtime/contract.ts';
import { assertNever, found } from '../shared/assert.ts';
import type { ProgramGroup } from './build-group.ts';
import type { ExportedFunction, Result } from './exported-function.ts';
import { lineWidth } from './line-width.ts';
import { type Code, code, commentLines, identifier, joined, printKey, quoted } from './safe-text.ts';
import type { DriverView } from './view-model.ts';
import { wrapList } from './wrap-list.ts';

export interface DriverOptions {
  readonly meta: ModelMeta;
  readonly types: boolean;
}

export function buildDriver(
  group: ProgramGroup,
  name: FunctionName,
  { doc, parameters: more, result: { type, of } }: ExportedFunction,
  { meta, types }: DriverOptions,
): DriverView {
  const result = of(meta);
  const { lines, given, returned } = group.calls(outputsOf(result));
  const parameters = [
    [code`params`, code`Params`],
    [code`x`, code`tf.Tensor`],
    ...more.map(parameter => [identifier(parameter.name), parameter.type] as const),
  ] as const;
  const names = joined(
    parameters.map(([parameter]) => parameter),
    ', ',
  );
  const checked = code`checkCall${types ? code`<NetworkParams>` : code``}(meta, ${quoted(name)}, { ${names} });`;
  return {
    doc: doc.flatMap(line => commentLines(line, lineWidth - 3)),
    head: wrapList(
      code`export function ${identifier(name)}(`,
      parameters.map(([parameter, its]) => (types ? code`${parameter}: ${its}` : parameter)),
      types ? code`): ${type} {` : code`) {`,
    ),
    lines: [
      code`  ${given.has('p') ? code`const p = ` : code``}${checked}`,
      ...(given.has('batch') ? [code`  const batch = x.shape[0]${types ? code` as number` : code``};`] : []),
      code`  return tf.tidy(() => {`,
      ...lines,
      ...(lines.length === 0 ? [] : [code``]),
      ...statement(printResult(result, { returned, types })).map(line => code`    ${line}`),
      code`  });`,
    ],
  };
}

function outputsOf(result: Result): string[] {
  switch (result.kind) {
    case 'output':
      return [result.name];
    case 'record':
      return result.entries.flatMap(([, value]) => outputsOf(value));
    default:
      return assertNever(result);
  }
}

interface ResultContext {
  readonly returned: ReadonlyMap<string, Code>;
  readonly types: boolean;
}

/** Of the entries of a result, at the least. */
const indent = 6;

const statement = (lines: readonly Code[]): Code[] =>
  lines.map((line, index) => {
    const begun = index === 0 ? code`return ${line}` : line;
    return index === lines.length - 1 ? code`${begun};` : begun;
  });

/** The lines of an expression that is returned. A record inside it stands on one line where that fits behind `column`. */
function printResult(result: Result, context: ResultContext, column = lineWidth): Code[] {
  switch (result.kind) {
    case 'output': {
      const value = found(context.returned.get(result.name), `output ${result.name}`);
      return [context.types && result.type !== null ? code`${value} as ${result.type}` : value];
    }
    case 'record': {
      const entries = result.entries.map(([key, value]) => {
        const name = printKey(key);
        const [first = code``, ...rest] = printResult(value, context, indent + name.length + 2);
        return [code`${name}: ${first}`, ...rest];
      });
      const line = entries.length === 0 ? code`{}` : code`{ ${joined(entries.flat(), ', ')} }`;
      const isFlat = entries.every(lines => lines.length === 1);
      if (isFlat && column + line.length < lineWidth) return [line];
      return [
        code`{`,
        ...entries.flatMap(lines =>
          lines.map((text, index) => (index === lines.length - 1 ? code`  ${text},` : code`  ${text}`)),
        ),
        code`}`,
      ];
    }
    default:
      return assertNever(result);
  }
}
