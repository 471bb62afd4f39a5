/**
 * Expressions and statements over as many lines as they need. What is too long for its line is broken from the outside in: the arguments of
 * a call move to a line of their own, or to one each; a list has one item a line (of numbers as many as fit), a text is broken at its blanks.
 */
import { assertNever } from '../shared/assert.ts';
import { type Expression, type Statement, text } from '../shared/expression.ts';
import { lineWidth } from './line-width.ts';
import {
  type ExpressionPrinter,
  fieldKey,
  onOneLine,
  operandsOf,
  operators,
  printExpression,
  printParameters,
} from './print-expression.ts';
import { type Code, code, fromCode, identifier, joined, lineComment } from './safe-text.ts';
import { wrapWords } from './wrap-words.ts';

export interface Place {
  readonly indent: Code;
  /** On the first line, before the expression. */
  readonly before: Code;
  /** On the last line, behind it. */
  readonly after: Code;
}

export function wrapExpression(expression: Expression, place: Place, printer: ExpressionPrinter): Code[] {
  const { indent, before, after } = place;
  const flat = printExpression(expression, printer);
  const line = flat === null ? null : code`${indent}${before}${flat}${after}`;
  if (line !== null && line.length <= lineWidth) return [line];
  const inner = code`${indent}  `;
  const first = (opening: Code): Code => code`${indent}${before}${opening}`;
  const last = (closing: Code): Code => code`${indent}${closing}${after}`;
  const each = (items: readonly Expression[]): Code[] =>
    items.flatMap(item => wrapExpression(item, { indent: inner, before: code``, after: code`,` }, printer));
  const unbroken = (): Code[] => [line ?? first(code`${onOneLine(expression, printer)}${after}`)];
  switch (expression.kind) {
    case 'call': {
      const callee = printExpression(expression.callee, printer);
      if (callee === null || expression.args.length === 0) return unbroken();
      const hugged = hugFunction(callee, expression.args, place, printer);
      if (hugged !== null) return hugged;
      const [list, ...others] = expression.args;
      if (list?.kind === 'array' && others.length === 0) {
        const items = filledCodes(
          list.items.map(item => printExpression(item, printer)),
          inner,
        );
        if (items !== null) return [first(code`${callee}([`), ...items, last(code`])`)];
      }
      const side = sideBySide(expression.args, inner, printer);
      return [
        first(code`${callee}(`),
        ...(side ?? manyFilled(expression.args, inner, printer) ?? each(expression.args)),
        last(code`)`),
      ];
    }
    case 'array': {
      if (expression.items.length === 0) return unbroken();
      const areNumbers = expression.items.every(({ kind }) => kind === 'number');
      const items = areNumbers ? filled(expression.items, inner, printer) : each(expression.items);
      return [first(code`[`), ...items, last(code`]`)];
    }
    case 'object': {
      if (expression.fields.length === 0) return unbroken();
      const flatFields = expression.fields.map(([key, value]) => fieldOnOneLine(key, value, printer));
      const hugged = before === '' && after === ',' ? hugFields(flatFields, indent) : null;
      if (hugged !== null) return hugged;
      const fields =
        filledCodes(flatFields, inner) ??
        expression.fields.flatMap(([key, value]) => wrapField(key, value, inner, printer));
      return [first(code`{`), ...fields, last(code`}`)];
    }
    case 'binary': {
      const [left, right] = operandsOf(expression, printer);
      if (left === null || right === null) return unbroken();
      return [first(code`${left} ${operators[expression.operator]}`), code`${inner}${right}${after}`];
    }
    case 'text':
      return wrapText(expression.value, place, printer);
    case 'function':
      return [
        first(code`${printParameters(expression)} => {`),
        ...printStatements([...expression.body, { kind: 'return', value: expression.result }], inner, printer),
        last(code`}`),
      ];
    case 'number':
    case 'word':
    case 'name':
    case 'given':
    case 'runtime':
    case 'member':
    case 'entry':
      return unbroken();
  }
}

/** A last argument that is a function begins on the line of the call: `chunkedRows(10, 5, start => {`. Null when there is none. */
function hugFunction(
  callee: Code,
  args: readonly Expression[],
  { indent, before, after }: Place,
  printer: ExpressionPrinter,
): Code[] | null {
  const last = args.at(-1);
  if (last?.kind !== 'function') return null;
  const others = args.slice(0, -1).map(arg => printExpression(arg, printer));
  const printed = others.filter(arg => arg !== null);
  if (printed.length < others.length) return null;
  const parameters = printParameters(last);
  const head = code`${indent}${before}${callee}(${joined([...printed, parameters], ', ')} =>`;
  const inner = code`${indent}  `;
  if (last.body.length === 0 && last.result.kind === 'call') {
    const begun = code`${before}${callee}(${joined([...printed, parameters], ', ')} => `;
    return wrapExpression(last.result, { indent, before: begun, after: code`)${after}` }, printer);
  }
  if (last.body.length === 0) {
    const result = wrapExpression(last.result, { indent: inner, before: code``, after: code`,` }, printer);
    return [head, ...result, code`${indent})${after}`];
  }
  // The arguments then move to lines of their own.
  if (head.length + 2 > lineWidth) return null;
  const statements = [...last.body, { kind: 'return', value: last.result }] as const;
  return [code`${head} {`, ...printStatements(statements, inner, printer), code`${indent}})${after}`];
}

/** Behind its key; a text that is too long there begins on the next line. */
function wrapField(key: string, value: Expression, indent: Code, printer: ExpressionPrinter): Code[] {
  const head = fieldKey(key, value);
  const before = head === null ? code`` : code`${head} `;
  const lines = wrapExpression(value, { indent, before, after: code`,` }, printer);
  if (value.kind !== 'text' || head === null || lines.length === 1) return lines;
  const below = { indent: code`${indent}  `, before: code``, after: code`,` };
  return [code`${indent}${head}`, ...wrapExpression(value, below, printer)];
}

/** All on one line, or null when they do not fit there. */
function sideBySide(items: readonly Expression[], indent: Code, printer: ExpressionPrinter): Code[] | null {
  const printed = items.map(item => printExpression(item, printer)).filter(item => item !== null);
  const line = code`${indent}${joined(printed, ', ')},`;
  return printed.length === items.length && line.length <= lineWidth ? [line] : null;
}

/** From so many on, what is short stands side by side. */
const many = 3;

/** As many to a line as fit; null when they are few, or when one of them does not fit on a line. */
function manyFilled(items: readonly Expression[], indent: Code, printer: ExpressionPrinter): Code[] | null {
  if (items.length < many) return null;
  return filledCodes(
    items.map(item => printExpression(item, printer)),
    indent,
  );
}

/** As many to a line as fit. */
function filled(items: readonly Expression[], indent: Code, printer: ExpressionPrinter): Code[] {
  return (
    filledCodes(
      items.map(item => onOneLine(item, printer)),
      indent,
    ) ?? []
  );
}

/** An entry of a list: `{ name: 'conv1', … }`, with its braces at the ends of its lines. */
function hugFields(fields: readonly (Code | null)[], indent: Code): Code[] | null {
  const lines = filledCodes(fields, code`${indent}  `);
  const first = lines?.[0];
  const last = lines?.at(-1);
  if (lines === null || first === undefined || last === undefined || last.length + 2 > lineWidth) return null;
  const begun = [code`${indent}{ ${fromCode(first.trimStart())}`, ...lines.slice(1)];
  return begun.map((line, index) => (index < begun.length - 1 ? line : code`${fromCode(line.slice(0, -1))} },`));
}

function fieldOnOneLine(key: string, value: Expression, printer: ExpressionPrinter): Code | null {
  const printed = printExpression(value, printer);
  const head = fieldKey(key, value);
  return printed === null || head === null ? printed : code`${head} ${printed}`;
}

function filledCodes(items: readonly (Code | null)[], indent: Code): Code[] | null {
  const lines: Code[] = [];
  let line: Code | null = null;
  for (const item of items) {
    if (item === null || indent.length + item.length + 1 > lineWidth) return null;
    const next = code`${item},`;
    const longer: Code = line === null ? code`${indent}${next}` : code`${line} ${next}`;
    if (line !== null && longer.length > lineWidth) {
      lines.push(line);
      line = code`${indent}${next}`;
    } else line = longer;
  }
  return line === null ? lines : [...lines, line];
}

/** A literal in pieces that are added up. */
function wrapText(value: string, { indent, before, after }: Place, printer: ExpressionPrinter): Code[] {
  const pieces: Code[] = [];
  let piece = '';
  const print = (words: string): Code => onOneLine(text(words), printer);
  const room = (isFirst: boolean): number => lineWidth - indent.length - (isFirst ? before.length : 2) - 2;
  for (const words of value.split(/(?<= )/)) {
    if (piece !== '' && print(piece + words).length > room(pieces.length === 0)) {
      pieces.push(print(piece));
      piece = '';
    }
    piece += words;
  }
  pieces.push(print(piece));
  return pieces.map((printed, index) => {
    const start = index === 0 ? code`${indent}${before}` : code`${indent}  `;
    return code`${start}${printed}${index === pieces.length - 1 ? after : code` +`}`;
  });
}

export function printStatements(statements: readonly Statement[], indent: Code, printer: ExpressionPrinter): Code[] {
  return statements.flatMap(statement => printStatement(statement, indent, printer));
}

function printStatement(statement: Statement, indent: Code, printer: ExpressionPrinter): Code[] {
  switch (statement.kind) {
    case 'const':
      return printConst(statement, indent, printer);
    case 'do':
      return wrapExpression(statement.value, { indent, before: code``, after: code`;` }, printer);
    case 'return':
      return wrapExpression(statement.value, { indent, before: code`return `, after: code`;` }, printer);
    case 'comment':
      return wrapWords(statement.text, lineWidth - indent.length, words => lineComment`${words}`).map(
        line => code`${indent}${line}`,
      );
    case 'blank':
      return [code``];
    default:
      return assertNever(statement);
  }
}

/** On one line, or two when the value then fits, or broken. */
function printConst(
  { name, value, comment }: Extract<Statement, { readonly kind: 'const' }>,
  indent: Code,
  printer: ExpressionPrinter,
): Code[] {
  const head = code`const ${identifier(name)} =`;
  const after = comment === '' ? code`;` : code`; ${lineComment`${comment}`}`;
  const lines = wrapExpression(value, { indent, before: code`${head} `, after }, printer);
  const flat = printExpression(value, printer);
  if (lines.length === 1 || flat === null) return lines;
  const below = code`${indent}  ${flat}${after}`;
  return below.length <= lineWidth ? [code`${indent}${head}`, below] : lines;
}
