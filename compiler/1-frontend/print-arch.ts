/** What was read as text: one line per layer call, as written, before names and shapes are resolved. */
import { printSpan } from '../shared/span.ts';
import { visibleJson, visibleText } from '../shared/visible-text.ts';
import type { ArchAst, LayerCall, NetworkCall, Operand } from './arch-ast.ts';

export function printArch({ source, calls, network }: ArchAst): string {
  const heads = calls.map(call => `#${call.id} = ${printCall(call)}`);
  const width = Math.max(0, ...heads.map(head => head.length));
  const lines = calls.map((call, index) => `${heads[index]!.padEnd(width)}  ; ${printOrigin(call)}`);
  return [`file ${visibleText(source)}`, ...lines, ...(network === null ? [] : [printNetwork(network)]), ''].join('\n');
}

function printCall({ kind, operands, attributes }: LayerCall): string {
  const options = Object.entries(attributes ?? {}).map(([name, value]) => `${name}: ${visibleJson(value)}`);
  const written = attributes === null ? '{refused}' : options.length === 0 ? '' : `{${options.join(', ')}}`;
  return `${kind}(${[...operands.map(printOperand), ...(written === '' ? [] : [written])].join(', ')})`;
}

/** A call in a function was reached from another line; names are those that the next stage chooses from. */
function printOrigin({ name, boundTo, span, calledFrom, imported }: LayerCall): string {
  const called = name !== null ? `name '${name}'` : boundTo !== null ? `const ${boundTo}` : 'no name';
  const from = calledFrom === null ? '' : `, called from ${printSpan(calledFrom)}`;
  return `${called}, ${printSpan(span)}${from}${imported ? ', imported' : ''}`;
}

function printNetwork({ input, output, ball }: NetworkCall): string {
  const written = ball === null ? 'refused' : JSON.stringify(ball.ball);
  return `network(input ${printOperand(input)}, output ${printOperand(output)}, ball ${written})`;
}

const printOperand = (operand: Operand | null): string =>
  operand === null || operand.id === null ? 'refused' : `#${operand.id}`;
