/** A pass: a pure function from program to program. One file each; `pass-list.ts` says in which order they run and why. */
import type { TensorProgram } from '../5-program/tensor-program.ts';

export interface Pass {
  /** The file's name; also the name of its dump. */
  readonly name: string;
  readonly run: (program: TensorProgram) => TensorProgram;
}
