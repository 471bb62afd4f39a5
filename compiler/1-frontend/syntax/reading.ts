/** What the readers of syntax share: where they report, and how they refuse a construct. */
import { diagnose } from '../../diagnostics/catalog.ts';
import type { Reporter } from '../../diagnostics/reporter.ts';
import type { SourceSpan } from '../../shared/span.ts';
import type { ts } from './open-source.ts';
import type { Expression, Pattern } from './syntax.ts';

export interface Reading {
  readonly reporter: Reporter;
  spanOf(node: ts.Node): SourceSpan;
}

/** Reports a construct that is outside the subset. */
export function refuse(reading: Reading, node: ts.Node, construct: string, instead = ''): void {
  reading.reporter.report(diagnose('unsupported-construct', { construct, instead }, reading.spanOf(node)));
}

export function refuseExpression(
  reading: Reading,
  node: ts.Node,
  construct: string,
  instead = '',
  parts: readonly Expression[] = [],
): Expression {
  refuse(reading, node, construct, instead);
  return { kind: 'unsupported', parts, span: reading.spanOf(node) };
}

export function refusePattern(reading: Reading, node: ts.Node, construct: string, instead = ''): Pattern {
  refuse(reading, node, construct, instead);
  return { kind: 'unsupported', span: reading.spanOf(node) };
}
