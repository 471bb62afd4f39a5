/** Derivatives of a program's output by central differences in the float64 interpreter: the oracle of emitted gradients. */
import { interpret, type ProgramInputs } from '../../compiler/5-program/interpret.ts';
import type { TensorProgram } from '../../compiler/5-program/tensor-program.ts';

/** Truncation leaves about `step²`, rounding about `1e-16 / step`: 1e-10 in all, for values and derivatives around 1. */
const step = 1e-5;

const scalarOf = (program: TensorProgram, output: string, given: ProgramInputs): number =>
  interpret(program, given)[output]!.data[0]!;

/** For every entry of a parameter, or of the image for the name `x`. */
export function differences(
  program: TensorProgram,
  output: string,
  given: ProgramInputs,
  name: string,
  width = step,
): Float64Array {
  const values = Float64Array.from(name === 'x' ? given.inputs.x! : given.params[name]!);
  const valueAt = (index: number, offset: number): number => {
    const moved = values.slice();
    moved[index]! += offset;
    return scalarOf(
      program,
      output,
      name === 'x'
        ? { ...given, inputs: { ...given.inputs, x: moved } }
        : { ...given, params: { ...given.params, [name]: moved } },
    );
  };
  return values.map((_, index) => (valueAt(index, width) - valueAt(index, -width)) / (2 * width));
}
