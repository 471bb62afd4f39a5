/** One section of a program → one function: its parameters, its statements with comments, what it frees, what it returns. */

import { type Dim, hasBatch, type ProgramShape, printDim } from '../5-program/dim.ts';
import { expressionOf, isNumber, isSource, isTuple, sourceForm } from '../5-program/op-table.ts';
import { blockOf } from '../5-program/operands.ts';
import type { Instr } from '../5-program/tensor-program.ts';
import type { Liveness } from '../6-passes/liveness.ts';
import type { Section } from '../6-passes/scopes.ts';
import type { Statement } from '../6-passes/statements.ts';
import { found, InternalError } from '../shared/assert.ts';
import {
  array,
  type Expression,
  givensOfStatement,
  lambda,
  member,
  name,
  object,
  type Statement as PrintedStatement,
  tensorCall,
} from '../shared/expression.ts';
import type { ValueId } from '../shared/ids.ts';
import { printSpan } from '../shared/span.ts';
import type { ExpressionPrinter } from './print-expression.ts';
import { type Code, code } from './safe-text.ts';
import type { Given } from './section-names.ts';
import { printStatements } from './wrap-expression.ts';

export interface FunctionContext {
  readonly plan: Liveness;
  readonly names: ReadonlyMap<ValueId, Code>;
  readonly definitions: ReadonlyMap<ValueId, Instr>;
  readonly printer: ExpressionPrinter;
  /** Name of the record that a section's function returns, in the functions that read it. */
  readonly recordOf: (section: string) => Code;
}

export interface PrintedFunction {
  readonly lines: readonly Code[];
  /** What it reads of what every driver has at hand. */
  readonly given: ReadonlySet<Given>;
  /** Sections whose records it reads, in order of first use. */
  readonly records: readonly string[];
}

export function printFunction(section: Section, context: FunctionContext): PrintedFunction {
  const { plan, definitions } = context;
  const records = new Set<string>();
  /** Values computed so far that are numbers of JavaScript, not tensors. */
  const numbers = new Set<ValueId>();
  const body = [
    ...statementsOf(plan.sectionStatements.get(section.name) ?? [], section.exports),
    { kind: 'blank' } as const,
    { kind: 'return', value: object(section.exports.map(value => [nameOf(value), name(nameOf(value))])) } as const,
  ];
  return {
    lines: printStatements(body, code`    `, context.printer),
    given: new Set(body.flatMap(givensOfStatement)),
    records: [...records],
  };

  function nameOf(value: ValueId): Code {
    return found(context.names.get(value), `name of %${value}`);
  }

  function reference(value: ValueId): Expression {
    const instr = found(definitions.get(value), `%${value}`);
    if (isSource(instr.op)) return sourceExpression(instr);
    const home = plan.split.sectionOf.get(value);
    if (home === undefined || home === section.name) return name(nameOf(value));
    records.add(home);
    return member(name(context.recordOf(home)), nameOf(value));
  }

  /** `kept` are read by other functions, or returned by a block. */
  function statementsOf(statements: readonly Statement[], kept: readonly ValueId[]): PrintedStatement[] {
    const printed: PrintedStatement[] = [];
    let place = '';
    for (const statement of statements) {
      const { root } = statement;
      const here = placeOf(root);
      if (here !== place) {
        if (printed.length > 0) printed.push({ kind: 'blank' });
        if (root.origin.layer !== null) printed.push({ kind: 'comment', text: here });
        place = here;
      }
      printed.push(constOf(statement, kept));
      const freed = (plan.freedAfter.get(root.out) ?? []).map(value => name(nameOf(value)));
      if (freed.length > 0) printed.push({ kind: 'do', value: disposal(freed) });
    }
    return printed;
  }

  function constOf(statement: Statement, kept: readonly ValueId[]): PrintedStatement {
    const { root } = statement;
    const value = asTensor(root, expressionFor(root, statement), kept);
    return {
      kind: 'const',
      name: nameOf(root.out),
      value: plan.tidied.has(root.out) ? tensorCall('tidy', lambda([], [], value)) : value,
      comment: isTuple(root.op) ? '' : printShape(root.shape),
    };
  }

  /** What a statement names must be a tensor of its own where it is freed, or read elsewhere. */
  function asTensor({ out }: Instr, { value, isOperand }: Computed, kept: readonly ValueId[]): Expression {
    if (isOperand) return tensorCall('clone', value);
    if (!numbers.has(out) || !kept.includes(out)) return value;
    numbers.delete(out);
    return tensorCall('scalar', value);
  }

  function expressionFor(instr: Instr, statement: Statement): Computed {
    const operands = instr.args.map(value => {
      const inner = statement.inlined.find(({ out }) => out === value);
      return inner === undefined ? reference(value) : expressionFor(inner, statement).value;
    });
    const areNumbers = instr.args.map(isNumberHere);
    if (isNumber(instr.op, areNumbers.every(Boolean))) numbers.add(instr.out);
    const value = expressionOf(instr.op, operands, {
      shape: instr.shape,
      isNumber: operand => areNumbers[operand] ?? false,
      block: (by, returned) => blockFunction(instr, by, returned),
    });
    return { value, isOperand: operands.includes(value) };
  }

  function isNumberHere(value: ValueId): boolean {
    return numbers.has(value) || sourceForm(found(definitions.get(value), `%${value}`).op) === 'number';
  }

  function blockFunction(
    { op, out }: Instr,
    by: string,
    returned: (results: readonly Expression[]) => Expression,
  ): Expression {
    const results = blockOf(op)?.results ?? [];
    const block = statementsOf(found(plan.blockStatements.get(out), 'the body of a loop'), results);
    return lambda([by], block, returned(results.map(reference)));
  }
}

interface Computed {
  readonly value: Expression;
  /** Whether it is an operand as it was. */
  readonly isOperand: boolean;
}

/** How a source is written. */
export const sourceExpression = ({ op, shape }: Instr): Expression =>
  expressionOf(op, [], {
    shape,
    isNumber: () => false,
    block: () => {
      throw new InternalError('a source has no block');
    },
  });

const disposal = (values: readonly Expression[]): Expression => {
  const [only, ...others] = values;
  return tensorCall('dispose', only !== undefined && others.length === 0 ? only : array(values));
};

function placeOf({ origin }: Instr): string {
  if (origin.layer === null) return origin.section;
  return origin.span === null ? origin.layer : `${origin.layer} (${printSpan(origin.span)})`;
}

/** For the trailing comment of a statement. */
const printShape = (shape: ProgramShape): string => `[${shape.map(printSize).join(', ')}]`;

function printSize(dim: Dim): string {
  if (!hasBatch([dim])) return printDim(dim);
  return dim === '1b' ? 'batch' : `${printDim(dim).slice(0, -1)} · batch`;
}
