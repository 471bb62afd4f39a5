/** One section of a program → one function: its parameters, its statements with comments, what it frees, what it returns. */

import { isSource } from '../5-program/op-table.ts';
import type { Instr, OpOf } from '../5-program/tensor-program.ts';
import type { Liveness } from '../6-passes/liveness.ts';
import type { Section } from '../6-passes/scopes.ts';
import type { Statement } from '../6-passes/statements.ts';
import { found } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import { printSpan } from '../shared/span.ts';
import { givenOf, isHostNumber, type OpPrinter, printOp, shapeComment } from './print-op.ts';
import type { Given } from './section-names.ts';
import { wrapCall } from './wrap-call.ts';

export interface FunctionContext {
  readonly plan: Liveness;
  readonly names: ReadonlyMap<ValueId, string>;
  readonly definitions: ReadonlyMap<ValueId, Instr>;
  readonly printer: OpPrinter;
  /** Name of the record that a section's function returns, in the functions that read it. */
  readonly recordOf: (section: string) => string;
}

export interface PrintedFunction {
  readonly lines: readonly string[];
  /** What it reads of what every driver has at hand. */
  readonly given: ReadonlySet<Given>;
  /** Sections whose records it reads, in order of first use. */
  readonly records: readonly string[];
}

const width = 120;

export function printFunction(section: Section, context: FunctionContext): PrintedFunction {
  const records = new Set<string>();
  const given = new Set<Given>();
  const reference = (value: ValueId): string => {
    const instr = found(context.definitions.get(value), `%${value}`);
    if (isSource(instr.op)) {
      noteGiven(instr);
      return printOp(instr.op, [], context.printer, instr.shape);
    }
    const home = context.plan.split.sectionOf.get(value);
    const name = found(context.names.get(value), `name of %${value}`);
    if (home === undefined || home === section.name) return name;
    records.add(home);
    return `${context.recordOf(home)}.${name}`;
  };
  const lines = printBody(context.plan.sectionStatements.get(section.name) ?? [], '    ');
  lines.push(...printReturn(section));
  return { lines, given, records: [...records] };

  function noteGiven(instr: Instr): void {
    const name = givenOf(instr);
    if (name !== null) given.add(name);
  }

  function printReturn({ exports }: Section): string[] {
    const fields = exports.map(value => found(context.names.get(value), `name of %${value}`));
    const line = `    return { ${fields.join(', ')} };`;
    return line.length <= width
      ? ['', line]
      : ['', '    return {', ...fields.map(field => `      ${field},`), '    };'];
  }

  function printBody(statements: readonly Statement[], indent: string): string[] {
    const printed: string[] = [];
    let place = '';
    for (const statement of statements) {
      const { origin } = statement.root;
      const here = placeOf(statement.root);
      if (here !== place) {
        if (printed.length > 0) printed.push('');
        if (origin.layer !== null) printed.push(`${indent}// ${here}`);
        place = here;
      }
      printed.push(...printStatement(statement, indent));
      const freed = (context.plan.freedAfter.get(statement.root.out) ?? []).map(value =>
        found(context.names.get(value), `name of %${value}`),
      );
      if (freed.length > 0)
        printed.push(`${indent}tf.dispose(${freed.length === 1 ? freed[0] : `[${freed.join(', ')}]`});`);
    }
    return printed;
  }

  function printStatement(statement: Statement, indent: string): string[] {
    const { root } = statement;
    const name = found(context.names.get(root.out), `name of %${root.out}`);
    if (root.op.kind === 'chunked' || root.op.kind === 'summedChunks') return printLoop(root, root.op, name, indent);
    if (root.op.kind === 'item') {
      const tuple = reference(found(root.args[0], 'the sums of a loop'));
      return [`${indent}const ${name} = ${tuple}[${root.op.index}]; ${shapeComment(root.shape)}`];
    }
    const text = asTensor(root, expression(root, statement));
    const comment = ` ${shapeComment(root.shape)}`;
    if (!context.plan.tidied.has(root.out))
      return withComment(wrapCall(text, `const ${name} = `, ';', indent, width - comment.length), comment);
    const single = wrapCall(text, `const ${name} = tf.tidy(() => `, ');', indent, width - comment.length);
    if (single.length === 1) return withComment(single, comment);
    return withComment(
      [`${indent}const ${name} = tf.tidy(() =>`, ...wrapCall(text, '', ',', `${indent}  `, width), `${indent});`],
      comment,
    );
  }

  /** What a statement names must be a tensor of its own where it is freed, or read by other functions. */
  function asTensor({ op, out }: Instr, text: string): string {
    if (op.kind === 'detach') return `tf.clone(${text})`;
    return isHostNumber(text) && section.exports.includes(out) ? `tf.scalar(${text})` : text;
  }

  function expression(instr: Instr, statement: Statement): string {
    noteGiven(instr);
    const inlined = new Map(statement.inlined.map(inner => [inner.out, inner]));
    const args = instr.args.map(value => {
      const inner = inlined.get(value);
      return inner === undefined ? reference(value) : expression(inner, statement);
    });
    return printOp(instr.op, args, context.printer, instr.shape);
  }

  function printLoop(root: Instr, op: OpOf<'chunked' | 'summedChunks'>, name: string, indent: string): string[] {
    const body = printBody(found(context.plan.blockStatements.get(root.out), 'the body of a loop'), `${indent}  `);
    const results = op.block.results.map(reference);
    const isSum = op.kind === 'summedChunks';
    const helper = context.printer.runtime(isSum ? 'summedChunks' : 'chunkedRows');
    const comment = isSum ? '' : ` ${shapeComment(root.shape)}`;
    return [
      `${indent}const ${name} = ${helper}(${op.rows}, ${op.size}, start => {${comment}`,
      ...body,
      `${indent}  return ${isSum ? `[${results.join(', ')}]` : results[0]};`,
      `${indent}});`,
    ];
  }
}

const withComment = (lines: readonly string[], comment: string): string[] =>
  lines.map((line, index) => (index === lines.length - 1 ? line + comment : line));

function placeOf({ origin }: Instr): string {
  if (origin.layer === null) return origin.section;
  return origin.span === null ? origin.layer : `${origin.layer} (${printSpan(origin.span)})`;
}
