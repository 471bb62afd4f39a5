/** Reads what `print-program.ts` wrote. The header may be missing, and so may origins; lines that start with `;` are comments. */
import type { ValueId } from '../shared/ids.ts';
import { type LineScanner, ProgramSyntaxError, scanLine } from './line-scanner.ts';
import { hasBlock } from './op-attributes.ts';
import { parseInstr, parseOrigin, parseValue } from './parse-instr.ts';
import type { Block, Instr, Op, Origin, TensorProgram } from './tensor-program.ts';

export { ProgramSyntaxError } from './line-scanner.ts';

const nowhere: Origin = { section: 'main', part: null, layer: null, role: 'value', span: null };

interface Lines {
  /** The next line that is neither empty nor a comment. */
  next(expected: string): LineScanner;
  /** The next line that says something; null at the end. */
  readonly rest: () => LineScanner | null;
}

/**
 * The program that a text describes. It is not checked: that is `checkProgram`'s part.
 * @throws ProgramSyntaxError with line and column.
 */
export function parseProgram(text: string): TensorProgram {
  const lines = linesOf(text);
  let line = lines.next("'program', an instruction or 'out'");
  let name = 'main';
  if (line.accept(/program\b/) !== null) {
    name = line.name('a name');
    line.end();
    line = lines.next("an instruction or 'out'");
  }
  const body: Instr[] = [];
  while (line.accept(/out\b/) === null) {
    body.push(parseWhole(line, lines));
    line = lines.next("an instruction or 'out'");
  }
  const outputs = parseOutputs(line);
  lines.rest()?.refuse("the line that begins with 'out' is the last one");
  return { name, body, outputs };
}

function parseOutputs(line: LineScanner): Record<string, ValueId> {
  const outputs = line.list(/$/, (): [string, ValueId] => {
    const name = line.name('the name of an output');
    line.expect(/=/, "'='");
    return [name, parseValue(line)];
  });
  const names = new Set(outputs.map(([name]) => name));
  if (names.size < outputs.length) line.refuse('two outputs have the same name');
  return Object.fromEntries(outputs);
}

/** One instruction, over several lines when it has a block. */
function parseWhole(line: LineScanner, lines: Lines): Instr {
  const instr = parseInstr(line);
  const opensBlock = hasBlock(instr.op.kind);
  if (opensBlock) line.expect(/\{/, "'{' and a block");
  const origin = parseOrigin(line, nowhere);
  line.end();
  if (!opensBlock) return { ...instr, origin };
  return { ...instr, op: { ...instr.op, block: parseBlock(lines) } as Op, origin };
}

function parseBlock(lines: Lines): Block {
  const body: Instr[] = [];
  let line = lines.next("an instruction or 'result'");
  while (line.accept(/result\b/) === null) {
    body.push(parseWhole(line, lines));
    line = lines.next("an instruction or 'result'");
  }
  const results = line.list(/$/, () => parseValue(line));
  const closing = lines.next("'}'");
  closing.expect(/\}/, "'}'");
  closing.end();
  return { body, results };
}

function linesOf(text: string): Lines {
  const lines = text.split('\n').map(line => line.replace(/\r$/, ''));
  let next = 0;
  const rest = (): LineScanner | null => {
    while (next < lines.length) {
      const line = lines[next++] ?? '';
      if (!/^\s*(;|$)/.test(line)) return scanLine(line, next);
    }
    return null;
  };
  return {
    rest,
    next(expected) {
      const line = rest();
      if (line === null)
        throw new ProgramSyntaxError(`expected ${expected}, found the end of the text`, lines.length, 1);
      return line;
    },
  };
}
