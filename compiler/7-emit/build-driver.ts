/** A function that the module exports: it calls the functions of its program in order and puts the outputs together. */
import type { FunctionName, ModelMeta } from '../../runtime/contract.ts';
import { assertNever, found, invariant } from '../shared/assert.ts';
import type { ProgramGroup, SharedCalls } from './build-group.ts';
import type { ExportedFunction, KeySource, Parameter, Result } from './exported-function.ts';
import { lineWidth } from './line-width.ts';
import { type Code, code, docComment, identifier, joined, printKey, quoted } from './safe-text.ts';
import type { DriverView } from './view-model.ts';
import { wrapList } from './wrap-list.ts';

export interface DriverOptions {
  readonly meta: ModelMeta;
  readonly types: boolean;
  readonly shared?: SharedCalls | null;
}

export function buildDriver(
  group: ProgramGroup,
  name: FunctionName,
  row: ExportedFunction,
  { meta, types, shared = null }: DriverOptions,
): DriverView {
  const result = row.result.of(meta);
  const { lines, given, returned } = group.calls(outputsOf(result), shared);
  const parameters: readonly Parameter[] = [...row.parameters, ...keyParameter(row.key, given.has('key'), name)];
  const names = joined([code`params`, code`x`, ...parameters.map(parameter => identifier(parameter.name))], ', ');
  const checked = code`checkCall${types ? code`<NetworkParams>` : code``}(meta, ${quoted(name)}, { ${names} });`;
  const isOption = row.key === 'option' && given.has('key');
  const locals = row.locals.map(([local, value]) => code`const ${identifier(local)} = ${value};`);
  const calls = [...locals.map(local => code`    ${local}`), ...lines];
  return {
    doc: docComment(row.doc, lineWidth),
    head: wrapList(
      code`export ${row.isAsync ? code`async ` : code``}function ${identifier(name)}(`,
      [
        types ? code`params: Params` : code`params`,
        types ? code`x: tf.Tensor` : code`x`,
        ...parameters.map(parameter => printParameter(parameter, types)),
      ],
      types ? code`): ${row.result.type} {` : code`) {`,
    ),
    lines: [
      code`  ${given.has('p') ? code`const p = ` : code``}${checked}`,
      ...(isOption ? [code`  const key = options.key${types ? code` as RandomKey` : code``};`] : []),
      ...(given.has('batch') ? [code`  const batch = x.shape[0]${types ? code` as number` : code``};`] : []),
      code`  return tf.tidy(() => {`,
      ...calls,
      ...(calls.length === 0 ? [] : [code``]),
      ...statement(printResult(result, { returned, types })).map(line => code`    ${line}`),
      code`  });`,
    ],
  };
}

function printParameter({ name, type, initial }: Parameter, types: boolean): Code {
  const typed = types ? code`${identifier(name)}: ${type}` : identifier(name);
  return initial === undefined ? typed : code`${typed} = ${initial}`;
}

const lastKey: Parameter = { name: 'key', type: code`RandomKey` };

function keyParameter(source: KeySource, isDrawn: boolean, name: FunctionName): Parameter[] {
  switch (source) {
    case 'last':
      return [lastKey];
    case 'lastWhereDrawn':
      return isDrawn ? [lastKey] : [];
    case 'option':
      return [];
    case 'never':
      invariant(!isDrawn, `${name} draws, and nothing gives it a key`);
      return [];
    default:
      return assertNever(source);
  }
}

export function outputsOf(result: Result): string[] {
  switch (result.kind) {
    case 'output':
      return [result.name];
    case 'record':
      return result.entries.flatMap(([, value]) => outputsOf(value));
    case 'code':
      return [];
    case 'when':
      return outputsOf(result.value);
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
        const isShort = value.kind === 'code' && value.code === name;
        return [isShort ? name : code`${name}: ${first}`, ...rest];
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
    case 'code':
      return [result.code];
    case 'when': {
      const value = printResult(result.value, context, column + result.condition.length + 15);
      return value.map((line, index) => {
        const begun = index === 0 ? code`${result.condition} ? ${line}` : line;
        return index === value.length - 1 ? code`${begun} : undefined` : begun;
      });
    }
    default:
      return assertNever(result);
  }
}
