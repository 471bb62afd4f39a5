import { describe, expect, it } from 'vitest';
import { byPlace } from '../../../compiler/diagnostics/by-place.ts';
import { diagnose } from '../../../compiler/diagnostics/catalog.ts';
import { renderDiagnostics } from '../../../compiler/diagnostics/render.ts';
import { createReporter } from '../../../compiler/diagnostics/reporter.ts';
import { diagnosticsToJson } from '../../../compiler/diagnostics/to-json.ts';
import type { SourceSpan } from '../../../compiler/shared/span.ts';

const text = 'const a = 1;\n\tconst b = [\n  1,\n];\nlast();';
const read = (): string => text;

const spanAt = (line: number, from: number, to: number, endLine = line): SourceSpan => ({
  file: 'net.arch.ts',
  start: { line, column: from },
  end: { line: endLine, column: to },
});

const unused = (line: number): ReturnType<typeof diagnose> =>
  diagnose('unused-layer', { what: 'relu()' }, spanAt(line, 1, 5));
const missing = diagnose('file-not-found', { file: 'a.arch.ts' }, null);

describe('renderDiagnostics', () => {
  it('marks the place, its notes, the help and the code', () => {
    const note = { span: spanAt(1, 7, 8), label: 'first' };
    const diagnostic = diagnose('already-declared', { name: 'a' }, { span: spanAt(5, 1, 5), label: 'second' }, [
      note,
      null,
    ]);
    expect(renderDiagnostics([diagnostic], read)).toBe(`error[already-declared]: \`a\` is declared twice
  --> net.arch.ts:5:1
  4 | ];
> 5 | last();
    | ^^^^ second
  ::: net.arch.ts:1:7
> 1 | const a = 1;
    |       ^ first
  = help: rename one of them
  = more: dualc explain already-declared

1 error, nothing was written
`);
  });

  it('shows the first line of what spans several, and keeps tabs', () => {
    const rendered = renderDiagnostics([diagnose('syntax-error', { message: 'no' }, spanAt(2, 12, 2, 4))], read);
    expect(rendered).toContain('> 2 | \tconst b = [\n    | \t          ^ here');
    expect(rendered).not.toContain('> 3');
  });

  it('does without the text of a file that cannot be read', () => {
    const rendered = renderDiagnostics([unused(3)], () => undefined);
    expect(rendered).toContain('  --> net.arch.ts:3:1\n  = help');
  });

  it('counts errors and warnings', () => {
    const lastLine = (diagnostics: Parameters<typeof renderDiagnostics>[0]): string | undefined =>
      renderDiagnostics(diagnostics, read).trimEnd().split('\n').at(-1);
    expect(lastLine([unused(1)])).toBe('1 warning');
    expect(lastLine([unused(1), unused(5)])).toBe('2 warnings');
    expect(lastLine([missing, unused(1)])).toBe('1 error and 1 warning, nothing was written');
    expect(lastLine([missing, missing, missing])).toBe('3 errors, nothing was written');
    expect(renderDiagnostics([], read)).toBe('');
  });

  it('colours only when asked to', () => {
    const escapeCharacter = String.fromCharCode(27);
    expect(renderDiagnostics([unused(1)], read)).not.toContain(escapeCharacter);
    expect(renderDiagnostics([unused(1)], read, { color: true })).toContain(escapeCharacter);
  });
});

describe('byPlace', () => {
  it('goes from top to bottom, file by file, after what has no place', () => {
    const other = diagnose('unused-layer', { what: 'relu()' }, { ...spanAt(1, 1, 2), file: 'other.arch.ts' });
    const [five, three] = [unused(5), unused(3)];
    expect(byPlace([five, other, missing, three])).toEqual([missing, three, five, other]);
  });
});

describe('diagnosticsToJson', () => {
  it('is one object on one line, with the same content', () => {
    const json = diagnosticsToJson([unused(5), missing]);
    expect(json).not.toContain('\n');
    expect(JSON.parse(json)).toEqual({ schema: 1, errors: 1, warnings: 1, diagnostics: [missing, unused(5)] });
  });
});

describe('reporter', () => {
  it('keeps a problem of one place once, and at most three of one code', () => {
    const reporter = createReporter();
    for (const name of ['a', 'a', 'b', 'c', 'd'])
      reporter.report(diagnose('already-declared', { name }, spanAt(1, 1, 2)));
    reporter.report(diagnose('already-declared', { name: 'a' }, spanAt(2, 1, 2)));
    expect(reporter.diagnostics.map(({ title }) => title.slice(0, 3))).toEqual(['`a`', '`b`', '`c`', '`a`']);
  });

  it('has errors once something but a warning is reported', () => {
    const reporter = createReporter();
    reporter.report(unused(1));
    expect(reporter.hasErrors).toBe(false);
    reporter.report(diagnose('second-input', {}, spanAt(1, 1, 2)));
    expect(reporter.hasErrors).toBe(true);
  });
});
