/**
 * The syntax of an architecture file: what is left of its TypeScript when types are dropped and unsupported constructs are reported.
 * Data only, so that evaluating a file does not depend on the library that parsed it.
 */
import type { SourceSpan } from '../../shared/span.ts';

interface Located {
  readonly span: SourceSpan;
}

export type ListItem = { readonly spread: boolean; readonly value: Expression };

export type ObjectEntry =
  | { readonly kind: 'property'; readonly key: PropertyKey; readonly value: Expression }
  | { readonly kind: 'spread'; readonly value: Expression };

/** `a`, `'a'` and `1` are fixed keys; `[k]` is computed. */
export type PropertyKey =
  | { readonly kind: 'fixed'; readonly name: string; readonly span: SourceSpan }
  | { readonly kind: 'computed'; readonly name: Expression; readonly span: SourceSpan };

export type UnaryOperator = '-' | '+' | '!' | 'typeof';
export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '**' | '<' | '<=' | '>' | '>=' | '===' | '!==' | '==' | '!=';
export type LogicalOperator = '&&' | '||' | '??';

export type Expression = Located &
  (
    | { readonly kind: 'literal'; readonly value: number | string | boolean | null }
    | { readonly kind: 'template'; readonly parts: readonly (string | Expression)[] }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'list'; readonly items: readonly ListItem[] }
    | { readonly kind: 'object'; readonly entries: readonly ObjectEntry[] }
    | ({ readonly kind: 'function' } & FunctionSyntax)
    | {
        readonly kind: 'call';
        readonly callee: Expression;
        readonly arguments: readonly ListItem[];
        readonly optional: boolean;
      }
    | { readonly kind: 'member'; readonly object: Expression; readonly property: string; readonly optional: boolean }
    | { readonly kind: 'index'; readonly object: Expression; readonly index: Expression; readonly optional: boolean }
    /** Where `?.` stops: a chain that met null or undefined is undefined as a whole. */
    | { readonly kind: 'chain'; readonly value: Expression }
    | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression }
    | {
        readonly kind: 'binary';
        readonly operator: BinaryOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly kind: 'logical';
        readonly operator: LogicalOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly kind: 'conditional';
        readonly test: Expression;
        readonly whenTrue: Expression;
        readonly whenFalse: Expression;
      }
    | { readonly kind: 'assign'; readonly target: Pattern; readonly value: Expression }
    | {
        readonly kind: 'compoundAssign';
        readonly operator: BinaryOperator | LogicalOperator;
        readonly target: Pattern;
        readonly value: Expression;
      }
    | { readonly kind: 'update'; readonly by: 1 | -1; readonly prefix: boolean; readonly target: Pattern }
    /** Already reported; its value is unknown. The parts are kept to know which variables it may change. */
    | { readonly kind: 'unsupported'; readonly parts: readonly Expression[] }
  );

export type ExpressionOf<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

export interface FunctionSyntax {
  readonly name: string | null;
  readonly parameters: readonly PatternElement[];
  readonly rest: Pattern | null;
  readonly body:
    | { readonly kind: 'expression'; readonly value: Expression }
    | { readonly kind: 'block'; readonly statements: readonly Statement[] };
}

export interface PatternElement {
  readonly target: Pattern;
  readonly whenUndefined: Expression | null;
}

/** What a value is taken apart into: in declarations, parameters, loops and assignments. */
export type Pattern = Located &
  (
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'list'; readonly elements: readonly (PatternElement | null)[]; readonly rest: Pattern | null }
    | {
        readonly kind: 'object';
        readonly properties: readonly (PatternElement & { readonly key: PropertyKey })[];
        readonly rest: Pattern | null;
      }
    /** Only in assignments: `sizes[i] = 3`, `options.units += 1`. */
    | { readonly kind: 'place'; readonly place: ExpressionOf<'member'> | ExpressionOf<'index'> }
    | { readonly kind: 'unsupported' }
  );

export interface Declaration {
  readonly target: Pattern;
  readonly value: Expression | null;
}

export type Statement = Located &
  (
    | { readonly kind: 'declare'; readonly constant: boolean; readonly declarations: readonly Declaration[] }
    | {
        readonly kind: 'declareFunction';
        readonly name: string;
        readonly nameSpan: SourceSpan;
        readonly function: ExpressionOf<'function'>;
      }
    /** An unsupported declaration, already reported: its name is known and its value is not. */
    | { readonly kind: 'declareUnknown'; readonly name: string; readonly nameSpan: SourceSpan }
    | { readonly kind: 'evaluate'; readonly value: Expression }
    | { readonly kind: 'return'; readonly value: Expression | null }
    | {
        readonly kind: 'if';
        readonly test: Expression;
        readonly whenTrue: Statement;
        readonly whenFalse: Statement | null;
      }
    | { readonly kind: 'forOf'; readonly target: LoopTarget; readonly items: Expression; readonly body: Statement }
    | {
        readonly kind: 'for';
        readonly start: Statement | null;
        readonly test: Expression | null;
        readonly update: Expression | null;
        readonly body: Statement;
      }
    | { readonly kind: 'block'; readonly statements: readonly Statement[] }
    | { readonly kind: 'break' | 'continue' }
    /** An unsupported statement, already reported: not evaluated, but its parts tell which variables it may change. */
    | { readonly kind: 'skipped'; readonly parts: readonly Statement[] }
    | { readonly kind: 'exportDefault'; readonly value: Expression }
    | { readonly kind: 'exportNames'; readonly names: readonly ExportedName[] }
  );

export type StatementOf<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>;

export interface LoopTarget {
  /** `const`, `let`, or null for a variable that exists. */
  readonly declares: 'const' | 'let' | null;
  readonly pattern: Pattern;
}

export interface ExportedName {
  readonly local: string;
  readonly exported: string;
  readonly span: SourceSpan;
}

/** One imported or re-exported name; `*` stands for the whole module. */
export interface ImportedName {
  readonly imported: string;
  readonly local: string;
  readonly span: SourceSpan;
}

export interface ModuleLink {
  readonly specifier: string;
  readonly specifierSpan: SourceSpan;
  readonly names: readonly ImportedName[];
}

export interface ModuleSyntax {
  /** The whole file. */
  readonly span: SourceSpan;
  readonly imports: readonly ModuleLink[];
  /** `export { a } from './b.arch.ts'`; the local name is the exported one, `*` for all names. */
  readonly reexports: readonly ModuleLink[];
  readonly statements: readonly Statement[];
}
