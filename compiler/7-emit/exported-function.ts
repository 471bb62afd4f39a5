/** What emission is told of the programs of a module and of the functions that it exports: see `../programs.ts`. */
import type { FunctionName, ModelMeta } from '../../runtime/contract.ts';
import type { Plan } from '../4-schedule/plan.ts';
import type { TensorProgram } from '../5-program/tensor-program.ts';
import type { Liveness } from '../6-passes/liveness.ts';
import type { RuntimeSymbol } from '../shared/runtime-symbols.ts';
import { type Code, code } from './safe-text.ts';
import type { Given } from './section-names.ts';

/** Types of `runtime/contract.ts` that heads of exported functions name. */
export type ContractType =
  | 'Bounds'
  | 'Certificate'
  | 'CertificateOptions'
  | 'InputGradient'
  | 'LossWithGradients'
  | 'RandomKey';

export interface Parameter {
  readonly name: Given | 'options';
  readonly type: Code;
  /** Its value when the caller gives none. */
  readonly initial?: Code;
}

/**
 * Where the key of a function's draws comes from. `last`: its last parameter, whether it draws or not; `lastWhereDrawn`: there
 * only where it draws; `option`: an option of that name. `never`: it must not draw.
 */
export type KeySource = 'last' | 'lastWhereDrawn' | 'option' | 'never';

/** How the outputs of a program are put together. */
export type Result =
  /** One output; what TensorFlow.js knows of its rank as a type, where it is more than `tf.Tensor`. */
  | { readonly kind: 'output'; readonly name: string; readonly type: Code | null }
  | { readonly kind: 'record'; readonly entries: readonly (readonly [key: string, value: Result])[] }
  /** What is at hand in the function. It must be a tensor of its own too. */
  | { readonly kind: 'code'; readonly code: Code }
  /** Undefined unless the condition holds. */
  | { readonly kind: 'when'; readonly condition: Code; readonly value: Result };

export interface ExportedFunction {
  /** Shapes, units and meaning, a line each. */
  readonly doc: readonly string[];
  /** After `params` and `x`; the key is not one of them. */
  readonly parameters: readonly Parameter[];
  readonly key: KeySource;
  readonly isAsync: boolean;
  /** Constants that are made before the functions of the program are called. */
  readonly locals: readonly (readonly [name: Given | 'logits', value: Code])[];
  readonly result: { readonly type: Code; readonly of: (meta: ModelMeta) => Result };
  readonly types: readonly ContractType[];
  /** Of the runtime, in `locals` and `result`. */
  readonly symbols: readonly RuntimeSymbol[];
}

export interface EmittedProgram {
  readonly program: TensorProgram;
  /** Above its functions in the module. */
  readonly title: string;
  /** Of the names of its functions, which keeps them apart from those of other programs. */
  readonly prefix: Code;
  readonly plan: Liveness;
  /** The function of what all that it exports need; null when it exports one. */
  readonly shared: { readonly name: Code; readonly doc: readonly string[] } | null;
  /** What its bounds are computed by; null when it computes none. */
  readonly schedule: Plan | null;
  readonly functions: Readonly<Partial<Record<FunctionName, ExportedFunction>>>;
}

export const output = (name: string, type: Code | null = null): Result => ({ kind: 'output', name, type });

export const record = (entries: Readonly<Record<string, Result>>): Result => ({
  kind: 'record',
  entries: Object.entries(entries),
});

/** A record of the user's names, in their order: as keys of an object numbers would come first. */
export const recordOf = (names: readonly string[], value: (name: string) => Result): Result => ({
  kind: 'record',
  entries: names.map(name => [name, value(name)]),
});

export const given = (value: Code): Result => ({ kind: 'code', code: value });

export const when = (condition: Code, value: Result): Result => ({ kind: 'when', condition, value });

export const scalar: Code = code`tf.Scalar`;
export const vector: Code = code`tf.Tensor1D`;
export const matrix: Code = code`tf.Tensor2D`;
