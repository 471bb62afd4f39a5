/**
 * The only type that templates see. Every decision is made; a template chooses nothing but where text goes: code where code
 * stands, and texts of comments in comments. No field is a plain string (see `safe-text.ts`).
 */
import type { Code, CommentText } from './safe-text.ts';

export interface ModuleView {
  /** TypeScript, or JavaScript with the types left out. */
  readonly types: boolean;
  readonly compiler: CommentText;
  readonly source: CommentText;
  readonly hash: CommentText;
  /** How to make the module again. */
  readonly command: readonly CommentText[];
  readonly summary: readonly CommentText[];
  /** Module specifiers, quoted. */
  readonly tensors: Code;
  readonly runtime: Code;
  /** The import of the runtime's functions. */
  readonly importLines: readonly Code[];
  /** The import of the contract's types; none in JavaScript. */
  readonly typeImportLines: readonly Code[];
  /** The module's functions as one value. */
  readonly modelLines: readonly Code[];
  readonly metaLines: readonly Code[];
  /** The table of how layers slide kernels over maps; none where no layer does. */
  readonly geometryLines: readonly Code[];
  readonly parameters: readonly { readonly key: Code; readonly comment: CommentText }[];
  readonly groups: readonly GroupView[];
}

/** A public function and the functions it calls. */
export interface GroupView {
  readonly title: CommentText;
  readonly functions: readonly FunctionView[];
  /** What the functions hand to each other in one object; its type is empty when they take their records one by one. */
  readonly known: {
    readonly type: Code;
    readonly doc: readonly Code[];
    readonly fields: readonly { readonly name: Code; readonly by: Code }[];
  };
  readonly drivers: readonly DriverView[];
}

export interface FunctionView {
  readonly doc: readonly Code[];
  readonly name: Code;
  /** From `function` to the opening brace, with types when they are printed. */
  readonly head: readonly Code[];
  readonly lines: readonly Code[];
  /** Name of the type of what it returns; empty when no other function takes it. */
  readonly record: Code;
}

export interface DriverView {
  readonly doc: readonly Code[];
  /** From `export function`, or `function` where only those that are exported call it, to the opening brace. */
  readonly head: readonly Code[];
  readonly lines: readonly Code[];
}
