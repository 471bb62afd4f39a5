/** Diagnostics as people read them: title, code frames, help, and a last line with the count. */
import { codeFrameColumns } from '@babel/code-frame';
import { maskedSource, visibleText } from '../shared/visible-text.ts';
import { byPlace } from './by-place.ts';
import type { Diagnostic, LabelledSpan } from './diagnostic.ts';

export interface RenderOptions {
  /** Colour the frames. Default false. */
  readonly color?: boolean;
}

/**
 * @param readSource the text of a file as named in spans, or undefined when it cannot be read (its frames are left out)
 * @returns text that ends with a line break; empty when there is nothing to report
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  readSource: (file: string) => string | undefined,
  options: RenderOptions = {},
): string {
  if (diagnostics.length === 0) return '';
  const blocks = byPlace(diagnostics).map(diagnostic => renderDiagnostic(diagnostic, readSource, options));
  return `${blocks.join('\n')}\n${countLine(diagnostics)}\n`;
}

function renderDiagnostic(
  diagnostic: Diagnostic,
  readSource: (file: string) => string | undefined,
  options: RenderOptions,
): string {
  const lines = [`${diagnostic.severity}[${diagnostic.code}]: ${visibleText(diagnostic.title)}`];
  if (diagnostic.place !== null) lines.push(...renderPlace('-->', diagnostic.place, readSource, options));
  for (const note of diagnostic.notes) lines.push(...renderPlace(':::', note, readSource, options));
  if (diagnostic.help !== '') lines.push(`  = help: ${visibleText(diagnostic.help)}`);
  lines.push(`  = more: dualc explain ${diagnostic.code}`);
  return `${lines.join('\n')}\n`;
}

function renderPlace(
  arrow: string,
  { span, label: plainLabel }: LabelledSpan,
  readSource: (file: string) => string | undefined,
  options: RenderOptions,
): string[] {
  const label = visibleText(plainLabel);
  const head = `  ${arrow} ${visibleText(span.file)}:${span.start.line}:${span.start.column}`;
  const text = readSource(span.file);
  if (text === undefined) return label === '' ? [head] : [head, `      ${label}`];
  const location = {
    start: span.start,
    // A long call is shown by its first line: a frame over twenty lines hides what it points at.
    end:
      span.end.line === span.start.line ? span.end : { line: span.start.line, column: lineEnd(text, span.start.line) },
  };
  const frame = codeFrameColumns(maskedSource(text), location, {
    linesAbove: 1,
    linesBelow: 0,
    forceColor: options.color ?? false,
    ...(label === '' ? {} : { message: label }),
  });
  return [head, ...frame.split('\n').map(line => line.trimEnd())];
}

function lineEnd(text: string, line: number): number {
  return (text.split(/\r\n|[\n\r\u2028\u2029]/)[line - 1] ?? '').length + 1;
}

/** `3 errors and 1 warning, nothing was written`. */
function countLine(diagnostics: readonly Diagnostic[]): string {
  const warnings = diagnostics.filter(diagnostic => diagnostic.severity === 'warning').length;
  const errors = diagnostics.length - warnings;
  const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
  if (errors === 0) return count(warnings, 'warning');
  const both = warnings === 0 ? count(errors, 'error') : `${count(errors, 'error')} and ${count(warnings, 'warning')}`;
  return `${both}, nothing was written`;
}
