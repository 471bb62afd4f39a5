/** What emission is told of the programs of a module and of the functions that it exports: see `../programs.ts`. */
import type { FunctionName, ModelMeta } from '../../runtime/contract.ts';
import type { Plan } from '../4-schedule/plan.ts';
import type { TensorProgram } from '../5-program/tensor-program.ts';
import type { Liveness } from '../6-passes/liveness.ts';
import { type Code, code } from './safe-text.ts';
import type { Given } from './section-names.ts';

/** Types of `runtime/contract.ts` that heads of exported functions name. */
export type ContractType = 'Bounds' | 'InputGradient' | 'LossWithGradients' | 'RandomKey';

export interface Parameter {
  readonly name: Given;
  readonly type: Code;
}

/** How the outputs of a program are put together. */
export type Result =
  /** One output; what TensorFlow.js knows of its rank as a type, where it is more than `tf.Tensor`. */
  | { readonly kind: 'output'; readonly name: string; readonly type: Code | null }
  | { readonly kind: 'record'; readonly entries: readonly (readonly [key: string, value: Result])[] };

export interface ExportedFunction {
  /** Shapes, units and meaning, a line each. */
  readonly doc: readonly string[];
  /** After `params` and `x`. */
  readonly parameters: readonly Parameter[];
  readonly result: { readonly type: Code; readonly of: (meta: ModelMeta) => Result };
  readonly imports: readonly ContractType[];
}

export interface EmittedProgram {
  readonly program: TensorProgram;
  /** Above its functions in the module. */
  readonly title: string;
  /** Of the names of its functions, which keeps them apart from those of other programs. */
  readonly prefix: Code;
  readonly plan: Liveness;
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

export const scalar: Code = code`tf.Scalar`;
export const vector: Code = code`tf.Tensor1D`;
export const matrix: Code = code`tf.Tensor2D`;
