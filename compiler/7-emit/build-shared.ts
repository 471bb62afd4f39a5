/** What several exported functions of a program begin with, as a function that they call. */

import { typeOfGiven } from './build-function-view.ts';
import type { ProgramGroup, SharedCalls } from './build-group.ts';
import { lineWidth } from './line-width.ts';
import { code, docComment, identifier } from './safe-text.ts';
import { givens } from './section-names.ts';
import type { DriverView, GroupView } from './view-model.ts';
import { wrapList } from './wrap-list.ts';

export interface SharedOptions {
  readonly doc: readonly string[];
  readonly types: boolean;
}

export function buildShared({ program, name, given, lines }: SharedCalls, { doc, types }: SharedOptions): DriverView {
  const parameters = givens
    .filter(each => given.has(each))
    .map(each => (types ? code`${identifier(each)}: ${typeOfGiven(each, program)}` : identifier(each)));
  return {
    doc: docComment(doc, lineWidth),
    head: wrapList(code`function ${name}(`, parameters, code`) {`),
    lines,
  };
}

export const noneKnown: GroupView['known'] = { type: code``, doc: [], fields: [] };

/** The type of what the functions of a program hand to each other. */
export function knownView({ known }: ProgramGroup): GroupView['known'] {
  if (known === null) return noneKnown;
  return {
    type: known.type,
    doc: docComment(['What the functions below have computed, by the layer or step that it belongs to.'], lineWidth),
    fields: known.fields.map(([name, by]) => ({ name, by })),
  };
}
