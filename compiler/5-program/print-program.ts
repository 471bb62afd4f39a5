/**
 * The text form of a tensor program, which `parse-program.ts` reads back. One instruction per line, ids kept, so that two dumps diff cleanly:
 *
 *     program margins
 *     %3 = conv2d(%1, %2) {strides: [2, 2], padding: [1, 1, 1, 1]} : [b, 14, 14, 16]   ; relu1 | conv1 | centre | net.arch.ts:6:9-6:40
 *     %9 = chunked {rows: 10, size: 5} : [b, 10] {
 *       %8 = …
 *       result %8
 *     }
 *     out lower = %5, upper = %6
 */
import type { SourceSpan } from '../shared/span.ts';
import { visibleJson } from '../shared/visible-text.ts';
import { printDims } from './dim.ts';
import { attributeOf, type WrittenAttribute, writtenAttributes } from './op-attributes.ts';
import { blockOf } from './operands.ts';
import type { AttributeFormat } from './operations/attributes.ts';
import type { Instr, Op, Origin, TensorProgram } from './tensor-program.ts';

export interface PrintOptions {
  /** Whether the origin follows each instruction as a comment. Default true. */
  readonly origins?: boolean;
}

export function printProgram(program: TensorProgram, { origins = true }: PrintOptions = {}): string {
  const outputs = Object.entries(program.outputs).map(([name, id]) => `${printName(name)} = %${id}`);
  const lines = [
    `program ${printName(program.name)}`,
    ...printBody(program.body, '', origins),
    `out ${outputs.join(', ')}`.trimEnd(),
  ];
  return `${lines.join('\n')}\n`;
}

/** One line, without the block; for messages. */
export function printInstr(instr: Instr): string {
  const { op } = instr;
  const attributes = writtenAttributes(op.kind);
  const lead = attributes.filter(({ place }) => place === 'lead').map(rule => ` ${printAttribute(op, rule)}`);
  const args = instr.args.length === 0 ? '' : `(${instr.args.map(id => `%${id}`).join(', ')})`;
  const braces = attributes.filter(({ place }) => place === 'braces').map(r => `${r.name}: ${printAttribute(op, r)}`);
  const options = braces.length === 0 ? '' : ` {${braces.join(', ')}}`;
  return `%${instr.out} = ${op.kind}${lead.join('')}${args}${options} : ${printDims(instr.shape)}`;
}

/** `section ~ part | layer | role | file:line:column-line:column`, `-` for what there is not. */
export function printOrigin({ section, part, layer, role, span }: Origin): string {
  const place = part === null ? printField(section) : `${printField(section)} ~ ${printField(part)}`;
  return [place, layer === null ? '-' : printField(layer), printField(role), printPlace(span)].join(' | ');
}

function printBody(body: readonly Instr[], indent: string, origins: boolean): string[] {
  return body.flatMap(instr => {
    const comment = origins ? `   ; ${printOrigin(instr.origin)}` : '';
    const line = `${indent}${printInstr(instr)}`;
    const block = blockOf(instr.op);
    if (block === null) return [line + comment];
    const results = block.results.map(id => `%${id}`).join(', ');
    return [
      `${line} {${comment}`,
      ...printBody(block.body, `${indent}  `, origins),
      `${indent}  result ${results}`,
      `${indent}}`,
    ];
  });
}

function printPlace(span: SourceSpan | null): string {
  if (span === null) return '-';
  const { file, start, end } = span;
  return `${printField(file)}:${start.line}:${start.column}-${end.line}:${end.column}`;
}

/** Bare when it reads unambiguously, else quoted. */
const printField = (text: string): string => (/^[\w./:]+( [\w./:-]+)*$/.test(text) ? text : visibleJson(text));
const printName = (text: string): string => (/^[\w.:]+$/.test(text) ? text : visibleJson(text));

const printAttribute = (op: Op, { name, format }: WrittenAttribute): string => printers[format](attributeOf(op, name));

const printNumber = (value: unknown): string => (Object.is(value, -0) ? '-0' : String(value));

const printers: { readonly [Format in AttributeFormat]: (value: unknown) => string } = {
  number: printNumber,
  numbers: value => `[${(value as readonly number[]).map(printNumber).join(', ')}]`,
  boolean: String,
  word: String,
  text: visibleJson,
};
