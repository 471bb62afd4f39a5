/** Reads one instruction of a program's text, its origin included. The grammar is in `print-program.ts`. */
import { layerId, type ValueId, valueId } from '../shared/ids.ts';
import type { SourceSpan } from '../shared/span.ts';
import type { Dim } from './dim.ts';
import { type LineScanner, unquote } from './line-scanner.ts';
import { isOpKind, statesItsShape, type WrittenAttribute, writtenAttributes } from './op-attributes.ts';
import type { AttributeFormat } from './operations/attributes.ts';
import type { Instr, Op, Origin } from './tensor-program.ts';

const number = /[-+]?(?:Infinity|NaN|\d+(?:\.\d+)?(?:e[-+]?\d+)?)/;
const quoted = /"(?:[^"\\]|\\.)*"/;

export const parseValue = (line: LineScanner): ValueId =>
  valueId(Number(line.expect(/%\d+/, 'a value such as %3').slice(1)));

/** The instruction up to its shape; `op` lacks its block. */
export function parseInstr(line: LineScanner): Omit<Instr, 'origin'> {
  const out = parseValue(line);
  line.expect(/=/, "'='");
  const kind = line.expect(/[A-Za-z]\w*/, 'an operation');
  if (!isOpKind(kind)) return line.refuse(`there is no operation '${kind}'`);
  const rules = writtenAttributes(kind);
  const lead = rules.filter(rule => rule.place === 'lead').map(rule => [rule.name, parseAttribute(line, rule)]);
  const args = line.accept(/\(/) === null ? [] : line.list(/\)/, () => parseValue(line));
  const named = parseNamed(
    line,
    rules.filter(rule => rule.place === 'braces'),
  );
  line.expect(/:/, "':' and the shape");
  const shape = parseShape(line);
  const op = {
    kind,
    ...Object.fromEntries(lead),
    ...Object.fromEntries(named),
    ...(statesItsShape(kind) ? { shape } : {}),
  } as Op;
  return { out, op, args, shape };
}

function parseNamed(line: LineScanner, rules: readonly WrittenAttribute[]): Map<string, unknown> {
  const given = new Map<string, unknown>();
  if (rules.length === 0) return given;
  const allowed = rules.map(rule => rule.name).join(', ');
  line.expect(/\{/, `'{' and ${allowed}`);
  line.list(/\}/, () => {
    const name = line.expect(/\w+/, `one of ${allowed}`);
    const rule = rules.find(candidate => candidate.name === name);
    if (rule === undefined) return line.refuse(`'${name}' is not one of ${allowed}`);
    if (given.has(name)) return line.refuse(`'${name}' is given twice`);
    line.expect(/:/, "':'");
    return given.set(name, parseAttribute(line, rule));
  });
  const missing = rules.filter(rule => !given.has(rule.name)).map(rule => rule.name);
  if (missing.length > 0) line.refuse(`${missing.join(', ')} not given`);
  return given;
}

function parseAttribute(line: LineScanner, { name, format, choices }: WrittenAttribute): unknown {
  const value = parsers[format](line);
  if (choices.length > 0 && !choices.includes(String(value)))
    return line.refuse(`${name} is one of ${choices.join(', ')}`);
  return value;
}

const parseNumber = (line: LineScanner): number => Number(line.expect(number, 'a number'));

const parsers: { readonly [Format in AttributeFormat]: (line: LineScanner) => unknown } = {
  number: parseNumber,
  numbers(line) {
    line.expect(/\[/, "'['");
    return line.list(/\]/, () => parseNumber(line));
  },
  boolean: line => line.expect(/true|false/, 'true or false') === 'true',
  word: line => line.expect(/\w+/, 'a word'),
  text: line => unquote(line.expect(quoted, 'a quoted text'), line),
};

function parseShape(line: LineScanner): Dim[] {
  line.expect(/\[/, "'[' and dimensions");
  return line.list(/\]/, (): Dim => {
    const dim = line.expect(/\d*b|\d+/, 'a dimension such as 10, b or 10b');
    if (!dim.endsWith('b')) return Number(dim);
    return dim === 'b' ? '1b' : `${Number(dim.slice(0, -1))}b`;
  });
}

/** `; section ~ part | layer | role | place`, or nothing. */
export function parseOrigin(line: LineScanner, otherwise: Origin): Origin {
  if (line.accept(/;/) === null) return otherwise;
  const section = parseField(line, 'a section');
  const part = line.accept(/~/) === null ? null : parseField(line, 'a part');
  line.expect(/\|/, "'|'");
  const layer = line.accept(/-(?= *\|)/) === null ? layerId(parseField(line, 'a layer')) : null;
  line.expect(/\|/, "'|'");
  const role = parseField(line, 'a role');
  line.expect(/\|/, "'|'");
  return { section, part, layer, role, span: parsePlace(line) };
}

const parseField = (line: LineScanner, what: string): string => {
  const token = line.expect(/"(?:[^"\\]|\\.)*"|[\w./:]+(?: [\w./:-]+)*/, what);
  return token.startsWith('"') ? unquote(token, line) : token;
};

function parsePlace(line: LineScanner): SourceSpan | null {
  if (line.accept(/-$/) !== null) return null;
  const place = line.expect(/(?:"(?:[^"\\]|\\.)*"|[^"]+):\d+:\d+-\d+:\d+$/, 'file:line:column-line:column');
  const [, name = '', ...numbers] = /^(.*):(\d+):(\d+)-(\d+):(\d+)$/.exec(place) ?? [];
  const [startLine = 0, startColumn = 0, endLine = 0, endColumn = 0] = numbers.map(Number);
  return {
    file: name.startsWith('"') ? unquote(name, line) : name,
    start: { line: startLine, column: startColumn },
    end: { line: endLine, column: endColumn },
  };
}
