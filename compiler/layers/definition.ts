/**
 * What a kind of layer says of itself, in one file of this folder: how it is written, what it is in the graph, which parameters it has,
 * and, by its role, what the stages behind the graph ask of it. Nothing here has a default: what a kind does not say does not compile.
 */
import type { AnyCall } from '../1-frontend/arch-ast.ts';
import type { OptionRows } from '../1-frontend/option-rules.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import type { LayerId } from '../shared/ids.ts';
import type { Shape } from '../shared/shape.ts';
import type { SourceSpan } from '../shared/span.ts';
import type { ParameterDeclaration } from './parameter-declaration.ts';

/** Height, width. */
export type Pair = readonly [number, number];

/** What every layer of the graph has; a kind adds its own attributes. */
export interface LayerBase<Kind extends string> {
  readonly kind: Kind;
  readonly id: LayerId;
  readonly inputs: readonly LayerId[];
  /** Shape of the output of one example. */
  readonly shape: Shape;
  /** The call that made the layer. */
  readonly span: SourceSpan;
}

type Variant = LayerBase<string>;

/** The attributes that a kind adds. */
export type Attributes<Layer extends Variant> = Omit<Layer, keyof Variant>;

/** What the graph adds to a call: the shape, and attributes in final form. */
export type Resolved<Layer extends Variant> = Omit<Layer, 'kind' | 'id' | 'inputs' | 'span'>;

/** A layer that is given to another. */
export interface ShapedInput {
  readonly shape: Shape;
  /** The call that made it. */
  readonly call: AnyCall;
}

export interface ShapeQuestion<Options> {
  readonly call: AnyCall;
  /** Checked one by one, defaults filled in. */
  readonly options: Options;
  /** As many as `operands` says. */
  readonly inputs: readonly ShapedInput[];
  readonly reporter: Reporter;
}

/** An attribute in the text form of the graph, between braces. */
export interface AttributeForm<Value> {
  print(value: Value): number | boolean | readonly number[];
  parse(written: unknown): Value;
}
/** Numbers, booleans and lists of numbers may stand there as they are: `plain`. */
type FormOf<Value> = [Value] extends [number | boolean | readonly number[]]
  ? 'plain' | AttributeForm<Value>
  : AttributeForm<Value>;

/** How often float32 rounds what a layer adds up: what the certificate's rounding terms are made of (docs/soundness.md). */
export interface Roundings {
  /** Roundings that one term of an output entry may pass on the way forward: products, additions, the bias. */
  readonly forward: number;
  /** Those of them that come with one entry of the input each, and stay away when that entry is 0: a product, and its addition. */
  readonly products: number;
  /** The same for one entry of the dual, on the way back. */
  readonly backward: number;
}

/** Position `(i, j)` of the output reads rows `i · strides − before … + kernelSize − 1` of the input, likewise columns. */
export interface Window {
  readonly strides: Pair;
  readonly kernelSize: Pair;
  /** Padding at the top and on the left. */
  readonly before: Pair;
}

interface Definition<Layer extends Variant, Options extends object> {
  /** The word that makes it, and the word in texts. */
  readonly kind: Layer['kind'];
  /** How many layers come first. */
  readonly operands: 0 | 1 | 'twoOrMore';
  /** The option that may stand without its name, before the others. */
  readonly positional: (keyof Options & string) | null;
  readonly options: OptionRows<Options>;
  /** From checked options and the shapes of the inputs to shape and attributes; undefined after reporting what does not fit. */
  resolve(question: ShapeQuestion<Options>): Resolved<Layer> | undefined;
  /** The shape that a finished layer must have. Throws `InternalError` when the layer breaks a rule of its kind. */
  shapeOf(layer: Layer, inputs: readonly Shape[]): Shape;
  /** In the order in which they are printed. */
  readonly attributes: { readonly [Name in keyof Attributes<Layer>]: FormOf<Attributes<Layer>[Name]> };
  /** The tensors that training changes or that are collected, in the order in which files list them. */
  parameters(layer: Resolved<Layer>, inputs: readonly Shape[]): readonly ParameterDeclaration[];
  /** @param input the shape of the first operand; that of the layer itself when it has none */
  roundings(layer: Layer, input: Shape): Roundings;
}

/** The ball around the example. */
export interface InputDefinition<Layer extends Variant, Options extends object> extends Definition<Layer, Options> {
  readonly role: 'input';
}

/** `W x + b`; reversed: `Wᵀ ν`. */
export interface AffineDefinition<Layer extends Variant, Options extends object> extends Definition<Layer, Options> {
  readonly role: 'affine';
  /** Whether an output entry adds up several entries of the input: then the layer is a matrix, and no scaling or renaming of entries. */
  readonly mixesEntries: boolean;
  /** Whether entry `i` of the output, in memory's order, is entry `i` of the input, times a number of its own, plus one. */
  readonly inPlace: boolean;
  /** What each channel is divided by, where that changes the unit of the entries and nothing else does. */
  readonly deviations: null | ((layer: Layer) => readonly number[]);
  /** Null, for the kind or for one layer, when positions of its output are not positions of a map, or do not all read it by the same weights: it leaves maps, or makes them of something else. */
  readonly window: null | ((layer: Layer) => Window | null);
  /**
   * How PyTorch orders the entries of its output (`2-graph/pytorch-order.ts`): in its `own` way, whatever the input's order; with the
   * input's order `kept`, entry by entry; or `byChannel`, a map whose channels are those of the input.
   */
  readonly pytorchOrder: 'own' | 'kept' | 'byChannel';
}

/** One number at a time, between the lines of its relaxation. */
export interface NonlinearityDefinition<Layer extends Variant, Options extends object>
  extends Definition<Layer, Options> {
  readonly role: 'nonlinearity';
  /**
   * 0 where it is straight on both sides of 0: where bounds leave 0 out, every line of it is itself, and bounds that are tighter change
   * nothing. Null where it is curved.
   */
  readonly kink: 0 | null;
}

/** Operands of one shape, added up; reversed: copied. */
export interface SumDefinition<Layer extends Variant, Options extends object> extends Definition<Layer, Options> {
  readonly role: 'sum';
}

/** Operands side by side on the last axis; reversed: cut apart. */
export interface ConcatDefinition<Layer extends Variant, Options extends object> extends Definition<Layer, Options> {
  readonly role: 'concat';
}

export type LayerDefinition<Layer extends Variant, Options extends object> =
  | InputDefinition<Layer, Options>
  | AffineDefinition<Layer, Options>
  | NonlinearityDefinition<Layer, Options>
  | SumDefinition<Layer, Options>
  | ConcatDefinition<Layer, Options>;

/** What a layer is to the stages behind the graph. */
export type Role = LayerDefinition<Variant, object>['role'];

/** Options of a word that takes none but `name`. */
export type NoOptions = Record<never, never>;

export const noRoundings: Roundings = { forward: 0, products: 0, backward: 0 };

/** For a layer whose output entry depends on the input entry at its place alone. */
export const inPlace: Window = { strides: [1, 1], kernelSize: [1, 1], before: [0, 0] };
