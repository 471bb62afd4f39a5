import { visibleText } from './visible-text.ts';

/** A place in an architecture file. Lines and columns start at 1; `end` is exclusive. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

export interface SourceSpan {
  /** Path as shown to people: relative to the working directory, with forward slashes. */
  readonly file: string;
  readonly start: SourcePosition;
  readonly end: SourcePosition;
}

/** The form that comments, dumps and one-line messages use: `mnist-small.arch.ts:12`. */
export function printSpan(span: SourceSpan): string {
  const name = span.file.slice(span.file.lastIndexOf('/') + 1);
  return `${visibleText(name)}:${span.start.line}`;
}
