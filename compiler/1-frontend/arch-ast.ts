/**
 * What an architecture file says: its layer calls in the order in which they are reached, with checked options and with the place of
 * each. Shapes are not known yet. Data only.
 */
import type { LayerKind, OptionsOf } from '../layers/registry.ts';
import type { SourceSpan } from '../shared/span.ts';

declare const brand: unique symbol;
/** Position of a call in `ArchAst.calls`. */
export type CallId = number & { readonly [brand]: 'CallId' };
export const callId = (index: number): CallId => index as CallId;

export type Pair = readonly [number, number];

/** As written: TensorFlow's two rules, or rows and columns for each side. */
export type WrittenPadding =
  | 'same'
  | 'valid'
  | { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };

/** One layer given to another. Its id is null when an error, already reported, hides which layer it is. */
export interface Operand {
  readonly id: CallId | null;
  readonly span: SourceSpan;
}

/** A layer call of whatever kind. */
export interface AnyCall {
  readonly kind: string;
  readonly id: CallId;
  readonly operands: readonly Operand[];
  /** The options, defaults filled in and `name` kept apart. Null when one of them was refused. */
  readonly attributes: object | null;
  /** Where each option is written. */
  readonly optionSpans: Readonly<Record<string, SourceSpan>>;
  /** Given by `name:`. */
  readonly name: string | null;
  /** The first `const` that the layer is bound to, if a layer may be called so. */
  readonly boundTo: string | null;
  readonly span: SourceSpan;
  /** Where the function that holds the call was called, if it is in one. */
  readonly calledFrom: SourceSpan | null;
  /** Made while an imported file was read, for that file's own network: not missed when it stays unused. */
  readonly imported: boolean;
}

export interface CallOf<Kind extends LayerKind> extends AnyCall {
  readonly kind: Kind;
  readonly attributes: OptionsOf<Kind> | null;
}

/** A union that `kind` discriminates. */
export type LayerCall = { [Kind in LayerKind]: CallOf<Kind> }[LayerKind];

export type WrittenBall =
  | { readonly norm: 'linf'; readonly epsilon: number; readonly box: Pair | null }
  | { readonly norm: 'l2'; readonly epsilon: number };

export interface LocatedBall {
  readonly ball: WrittenBall;
  readonly optionSpans: Readonly<Record<string, SourceSpan>>;
  readonly span: SourceSpan;
}

export interface NetworkCall {
  /** Null parts were refused. */
  readonly input: Operand | null;
  readonly output: Operand | null;
  readonly ball: LocatedBall | null;
  readonly span: SourceSpan;
}

export interface ArchAst {
  /** The architecture file, relative to the working directory, with forward slashes. */
  readonly source: string;
  readonly calls: readonly LayerCall[];
  /** Null after an error that is reported. */
  readonly network: NetworkCall | null;
}
