/** Every diagnostic that dualc can give, by code. Codes are stable; the texts may be improved. */
import type { SourceSpan } from '../shared/span.ts';
import type { Entries } from './catalog/entry.ts';
import { type FileProblems, fileProblems } from './catalog/files.ts';
import { type GraphProblems, graphProblems } from './catalog/graph.ts';
import { type LanguageProblems, languageProblems } from './catalog/language.ts';
import { type VocabularyProblems, vocabularyProblems } from './catalog/vocabulary.ts';
import type { Diagnostic, LabelledSpan } from './diagnostic.ts';

/** By code, what its texts are filled with. */
export interface ProblemArguments extends FileProblems, LanguageProblems, VocabularyProblems, GraphProblems {}
export type DiagnosticCode = keyof ProblemArguments;

export const catalog: Entries<ProblemArguments> = {
  ...fileProblems,
  ...languageProblems,
  ...vocabularyProblems,
  ...graphProblems,
};

export const diagnosticCodes: readonly string[] = Object.keys(catalog);

/**
 * Makes a diagnostic from its catalog entry.
 * @param place where it is; a span gets the label of the catalog, a labelled span brings its own
 */
export function diagnose<Code extends DiagnosticCode>(
  code: Code,
  values: ProblemArguments[Code],
  place: SourceSpan | LabelledSpan | null,
  notes: readonly (LabelledSpan | null)[] = [],
): Diagnostic {
  const entry = catalog[code];
  const label = entry.label?.(values) ?? '';
  return {
    code,
    severity: entry.severity,
    title: entry.title(values),
    place: place === null || 'span' in place ? place : { span: place, label },
    notes: notes.filter(note => note !== null),
    help: entry.help?.(values) ?? '',
  };
}

/** The long text of `dualc explain CODE`, or null when there is no such code. */
export function explainCode(code: string): string | null {
  return isCode(code) ? catalog[code].explain : null;
}

function isCode(code: string): code is DiagnosticCode {
  return Object.hasOwn(catalog, code);
}
