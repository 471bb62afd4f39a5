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
import { type Code, code, joined, lineComment } from './safe-text.ts';
import type { Given } from './section-names.ts';
import { wrapCall } from './wrap-call.ts';

export interface FunctionContext {
  readonly plan: Liveness;
  readonly names: ReadonlyMap<ValueId, Code>;
  readonly definitions: ReadonlyMap<ValueId, Instr>;
  readonly printer: OpPrinter;
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

const width = 120;

export function printFunction(section: Section, context: FunctionContext): PrintedFunction {
  const records = new Set<string>();
  const given = new Set<Given>();
  const reference = (value: ValueId): Code => {
    const instr = found(context.definitions.get(value), `%${value}`);
    if (isSource(instr.op)) {
      noteGiven(instr);
      return printOp(instr.op, [], context.printer, instr.shape);
    }
    const home = context.plan.split.sectionOf.get(value);
    const name = found(context.names.get(value), `name of %${value}`);
    if (home === undefined || home === section.name) return name;
    records.add(home);
    return code`${context.recordOf(home)}.${name}`;
  };
  const lines = printBody(context.plan.sectionStatements.get(section.name) ?? [], code`    `);
  lines.push(...printReturn(section));
  return { lines, given, records: [...records] };

  function noteGiven(instr: Instr): void {
    const name = givenOf(instr);
    if (name !== null) given.add(name);
  }

  function printReturn({ exports }: Section): Code[] {
    const fields = exports.map(value => found(context.names.get(value), `name of %${value}`));
    const line = code`    return { ${joined(fields, ', ')} };`;
    return line.length <= width
      ? [code``, line]
      : [code``, code`    return {`, ...fields.map(field => code`      ${field},`), code`    };`];
  }

  function printBody(statements: readonly Statement[], indent: Code): Code[] {
    const printed: Code[] = [];
    let place = '';
    for (const statement of statements) {
      const { origin } = statement.root;
      const here = placeOf(statement.root);
      if (here !== place) {
        if (printed.length > 0) printed.push(code``);
        if (origin.layer !== null) printed.push(code`${indent}${lineComment`${here}`}`);
        place = here;
      }
      printed.push(...printStatement(statement, indent));
      const freed = (context.plan.freedAfter.get(statement.root.out) ?? []).map(value =>
        found(context.names.get(value), `name of %${value}`),
      );
      if (freed.length > 0)
        printed.push(code`${indent}tf.dispose(${single(freed) ?? code`[${joined(freed, ', ')}]`});`);
    }
    return printed;
  }

  function printStatement(statement: Statement, indent: Code): Code[] {
    const { root } = statement;
    const name = found(context.names.get(root.out), `name of %${root.out}`);
    if (root.op.kind === 'chunked' || root.op.kind === 'summedChunks') return printLoop(root, root.op, name, indent);
    if (root.op.kind === 'item') {
      const tuple = reference(found(root.args[0], 'the sums of a loop'));
      return [code`${indent}const ${name} = ${tuple}[${root.op.index}]; ${shapeComment(root.shape)}`];
    }
    const text = asTensor(root, expression(root, statement));
    const comment = code` ${shapeComment(root.shape)}`;
    if (!context.plan.tidied.has(root.out))
      return withComment(wrapCall(text, code`const ${name} = `, code`;`, indent, width - comment.length), comment);
    const tidied = wrapCall(text, code`const ${name} = tf.tidy(() => `, code`);`, indent, width - comment.length);
    if (tidied.length === 1) return withComment(tidied, comment);
    return withComment(
      [
        code`${indent}const ${name} = tf.tidy(() =>`,
        ...wrapCall(text, code``, code`,`, code`${indent}  `, width),
        code`${indent});`,
      ],
      comment,
    );
  }

  /** What a statement names must be a tensor of its own where it is freed, or read by other functions. */
  function asTensor({ op, out }: Instr, text: Code): Code {
    if (op.kind === 'detach') return code`tf.clone(${text})`;
    return isHostNumber(text) && section.exports.includes(out) ? code`tf.scalar(${text})` : text;
  }

  function expression(instr: Instr, statement: Statement): Code {
    noteGiven(instr);
    const inlined = new Map(statement.inlined.map(inner => [inner.out, inner]));
    const args = instr.args.map(value => {
      const inner = inlined.get(value);
      return inner === undefined ? reference(value) : expression(inner, statement);
    });
    return printOp(instr.op, args, context.printer, instr.shape);
  }

  function printLoop(root: Instr, op: OpOf<'chunked' | 'summedChunks'>, name: Code, indent: Code): Code[] {
    const body = printBody(found(context.plan.blockStatements.get(root.out), 'the body of a loop'), code`${indent}  `);
    const results = op.block.results.map(reference);
    const isSum = op.kind === 'summedChunks';
    const helper = context.printer.runtime(isSum ? 'summedChunks' : 'chunkedRows');
    const comment = isSum ? code`` : code` ${shapeComment(root.shape)}`;
    return [
      code`${indent}const ${name} = ${helper}(${op.rows}, ${op.size}, start => {${comment}`,
      ...body,
      code`${indent}  return ${isSum ? code`[${joined(results, ', ')}]` : found(results[0], 'the result of a loop')};`,
      code`${indent}});`,
    ];
  }
}

const single = (values: readonly Code[]): Code | undefined => (values.length === 1 ? values[0] : undefined);

const withComment = (lines: readonly Code[], comment: Code): Code[] =>
  lines.map((line, index) => (index === lines.length - 1 ? code`${line}${comment}` : line));

function placeOf({ origin }: Instr): string {
  if (origin.layer === null) return origin.section;
  return origin.span === null ? origin.layer : `${origin.layer} (${printSpan(origin.span)})`;
}
