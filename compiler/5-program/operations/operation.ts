/**
 * What an operation has to say, all of it: the columns of `op-table.ts`. The passes, the verifier, the interpreter, the memory model and the
 * emitter read these and know no operation by name.
 */
import type { Expression, Operator } from '../../shared/expression.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { Dim, ProgramShape } from '../dim.ts';
import type { MemorySize } from '../memory-size.ts';
import type { Float64Tensor } from '../reference/float64-tensor.ts';
import type { Frame, Operands } from '../reference/frame.ts';
import type { Block, Instr, OpKind, OpOf } from '../tensor-program.ts';
import type { WrittenAs } from './attributes.ts';

type Shapes = readonly ProgramShape[];

export interface Operation<Kind extends OpKind = OpKind> {
  /** Number of operands. */
  readonly arity: number | 'oneOrMore';
  /** How the attributes are written in the text form. */
  readonly attributes: {
    readonly [Attribute in keyof OpOf<Kind> as Attribute extends 'kind' ? never : Attribute]: WrittenAs;
  };
  /** What attributes and operands must satisfy before the shape can be inferred. @throws InternalError */
  readonly check: (op: OpOf<Kind>, operands: Shapes, around: Surroundings) => void;
  /** The shape of the result. @throws InternalError when the operands do not fit. */
  readonly shape: (op: OpOf<Kind>, operands: Shapes) => ProgramShape;

  /** Of parameters, made once for all calls with the same ones (`keepDerived`). */
  readonly madeOnce: boolean;

  /** Its place in a program. */
  readonly structure: Structure<Kind>;
  /** Rows of a chunk that it walks over, or null. */
  readonly walk: ((op: OpOf<Kind>, operands: Shapes) => Walk) | null;
  /** What must be the same wherever the program names it, or null when it names nothing. */
  readonly declares: ((op: OpOf<Kind>) => Declaration) | null;

  /** Whose time per unit of work it takes. */
  readonly family: OpFamily;
  /**
   * What its time goes by: the multiply-adds that it is asked for, and the numbers that it writes or the most of these and of any operand; or what it
   * really does, where that is something else, for operands of such sizes.
   */
  readonly effort: 'written' | 'touched' | ((op: OpOf<Kind>, operands: readonly (readonly number[])[]) => Effort);
  /** Multiply-adds, as a dimension: a number, or a number times the batch. The body of a loop is not counted. */
  readonly macs: (op: OpOf<Kind>, operands: Shapes) => Dim;
  /** What it runs on, by the names in TensorFlow.js' registry of kernels. */
  readonly kernels: readonly string[];
  /** Whether the result is memory of its own or that of the first operand, or nothing by itself. */
  readonly result: 'own' | 'view';
  /**
   * What is allocated while it runs, beyond its result: the most of any backend, counted in the code of `runtime/ops` and in the kernels of
   * TensorFlow.js, which copy an operand when its axes come in another order than they like.
   */
  readonly workspace: (op: OpOf<Kind>, operands: Shapes, result: ProgramShape) => MemorySize;

  /** The entries of the result in float64. Shares no code with the runtime: it is the oracle of all that is faster. */
  readonly evaluate: (
    op: OpOf<Kind>,
    operands: Operands,
    shape: readonly number[],
    frame: Frame,
  ) => Kind extends LoopKind ? Items | ArrayLike<number> : Kind extends 'outlined' ? Items : ArrayLike<number>;
  /** What it does to single numbers, when that is all it does. */
  readonly elementwise: Elementwise | null;
  /** Its adjoint. */
  readonly gradient: Gradient<Kind>;

  /** `pure`: a function of its operands and attributes. `keyed`: of the call's key, too. Equal ones are equal values in either case. */
  readonly purity: 'pure' | 'keyed';
  /** Where equal instructions become one: between the functions of a module (it is worth passing along), within one, or nowhere. */
  readonly sharing: 'everywhere' | 'withinFunction' | 'nowhere';
  /** Where it is printed inside its only reader: anywhere (it reads as part of a larger expression), next to its like, or nowhere. */
  readonly inlined: 'anywhere' | 'withSameRole' | 'nowhere';
  /** What it adds to the length of an expression. */
  readonly length: 0 | 1;
  /** The expression that computes it. What returns its operand as it is shares the operand's tensor. */
  readonly print: (op: OpOf<Kind>, operands: readonly Expression[], at: PrintedAt<Kind>) => Expression;
}

export type Structure<Kind extends OpKind> =
  /** A tensor, from tensors. */
  | { readonly kind: 'value' }
  /** There before the program starts, costs nothing, and is printed where it is read. */
  | { readonly kind: 'source'; readonly form: (op: OpOf<Kind>) => SourceForm }
  /** Runs its block for each chunk of rows, one chunk behind the other or by a list. */
  | {
      readonly kind: 'loop';
      readonly results: LoopResults;
      readonly over: ChunkedBy;
      /** How often the block runs, as far as is known before it does. */
      readonly turns: (op: OpOf<Kind>) => number;
    }
  /** Runs its block once. */
  | { readonly kind: 'outlined' }
  /** Takes apart what a loop has several of, or what is outlined. */
  | { readonly kind: 'part' };

/** Each result is joined along all rows, has its rows put into their places, or is added up. */
export type LoopResults = 'joined' | 'placed' | 'summed';

/** A number of JavaScript, a tensor that is made anew wherever it is read, or one that the caller gives. */
export type SourceForm = 'number' | 'list' | 'callers';

/** How a turn of a loop knows its rows: where they start, or by their indices. */
export type ChunkedBy = 'start' | 'indices';

export interface Walk {
  readonly by: ChunkedBy;
  readonly size: number;
  readonly rows: number;
  /** Whether it has a meaning outside of a loop, where it takes all rows at once. */
  readonly standsAlone: boolean;
}

export interface Declaration {
  /** What is named. */
  readonly of: string;
  /** What is said of it, beside its shape. */
  readonly as: string;
}

export interface Effort {
  readonly multiplyAdds: number;
  readonly entries: number;
}

/** How fast an operation is, is known by these. */
export type OpFamily =
  | 'free'
  | 'elementwise'
  | 'reduction'
  | 'copy'
  | 'broadcast'
  | 'gather'
  | 'rows'
  | 'matMul'
  | 'conv2d'
  | 'transposedConv2d'
  | 'normsOfMaps'
  | 'normsOfSlopeMaps'
  | 'kernelGradient'
  | 'estimate'
  | 'draw'
  | 'loop';

export interface Elementwise {
  readonly scalar: (...operands: readonly number[]) => number;
  /** The number that changes nothing as second operand, and as first one too when the operation is symmetric. */
  readonly neutral: { readonly value: number; readonly symmetric: boolean } | null;
  /** JavaScript's own, for operands that are numbers and no tensors. */
  readonly operator: Operator | null;
}

export type Items = { readonly items: readonly Float64Tensor[] };

/** What surrounds an instruction. */
export interface Surroundings {
  readonly operands: readonly Instr[];
  /** Of a value defined before, in blocks too. */
  readonly shapeOf: (value: ValueId) => ProgramShape | undefined;
}

export interface InstrOf<Kind extends OpKind> extends Instr {
  readonly op: OpOf<Kind>;
}

/** For each operand its gradient, null for one through which none flows. */
export type Adjoints = readonly (ValueId | null)[];

/** From the gradient of the loss for an instruction's result (`upstream`) to the gradients for its operands. */
export type GradientRule<Kind extends OpKind> = (
  b: ProgramBuilder,
  instr: InstrOf<Kind>,
  upstream: ValueId,
) => Adjoints;

export type Gradient<Kind extends OpKind> =
  | GradientRule<Kind>
  /** None flows through it. */
  | 'none'
  /** It appears in gradients only, or nowhere that a gradient goes. */
  | 'impossible'
  /** The pass alone can enter a block. */
  | 'byThePass';

export interface PrintContext {
  readonly shape: ProgramShape;
  /** Whether an operand is a number of JavaScript, not a tensor. */
  readonly isNumber: (operand: number) => boolean;
}

export interface LoopPrintContext extends PrintContext {
  /** The block as a function of what a turn knows its rows by, which returns what is made of its results; of what is outlined, the call. */
  readonly block: (by: ChunkedBy, returned: (results: readonly Expression[]) => Expression) => Expression;
}

/** Operations that carry a block. */
export type LoopKind = { [Kind in OpKind]: OpOf<Kind> extends { block: Block } ? Kind : never }[OpKind];

export type PrintedAt<Kind extends OpKind> = Kind extends LoopKind ? LoopPrintContext : PrintContext;

/** The rows of a family of operations. */
export type Rows<Kinds extends OpKind> = { readonly [Kind in Kinds]: Operation<Kind> };
