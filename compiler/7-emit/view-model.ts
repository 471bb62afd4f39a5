/** The only type that templates see. Every decision is made; a template chooses nothing but where text goes. */
export interface ModuleView {
  /** TypeScript, or JavaScript with the types left out. */
  readonly types: boolean;
  readonly compiler: string;
  readonly source: string;
  readonly hash: string;
  readonly command: string;
  readonly summary: readonly string[];
  readonly core: string;
  readonly runtime: string;
  /** The import of the runtime's functions. */
  readonly importLines: readonly string[];
  readonly metaLines: readonly string[];
  readonly parameters: readonly { readonly key: string; readonly comment: string }[];
  readonly groups: readonly GroupView[];
}

/** A public function and the functions it calls. */
export interface GroupView {
  readonly title: string;
  readonly functions: readonly FunctionView[];
  readonly drivers: readonly DriverView[];
}

export interface FunctionView {
  readonly doc: readonly string[];
  readonly name: string;
  /** From `function` to the opening brace, with types when they are printed. */
  readonly head: readonly string[];
  readonly lines: readonly string[];
  /** Name of the type of what it returns; empty when no other function takes it. */
  readonly record: string;
}

export interface DriverView {
  readonly doc: readonly string[];
  /** From `export function` to the opening brace. */
  readonly head: readonly string[];
  readonly lines: readonly string[];
}
