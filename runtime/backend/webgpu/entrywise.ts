/** A shader of our own for the WebGPU backend of TensorFlow.js, which computes each entry of its result from that of its operand. */
import * as tf from '@tensorflow/tfjs-core';

/** What the backend makes a shader of: the fields that a program of one operand needs. */
interface Program {
  readonly outputShape: readonly number[];
  readonly variableNames: readonly string[];
  readonly workgroupSize: readonly [number, number, number];
  /** Axes of the result that each axis of the dispatch runs over. */
  readonly dispatchLayout: { readonly x: readonly number[] };
  readonly dispatch: readonly [number, number, number];
  /** Whether the shader is told how many entries there are. */
  readonly size: true;
  /** Programs of one key, of the same ranks and types, share a shader. */
  readonly shaderKey: string;
  getUserCode(): string;
}

interface WebgpuBackend {
  runWebGPUProgram(program: Program, inputs: readonly tf.TensorInfo[], dtype: tf.DataType): tf.TensorInfo;
}

/** As many threads of a GPU share a part of the work. */
const threads = 64;

/** The result of an expression in WGSL for every entry `a` of `x`, read as a float; the expression is known by `name`, and no other has it. */
export function entrywise(
  backend: unknown,
  { name, expression }: { readonly name: string; readonly expression: string },
  x: tf.TensorInfo,
  dtype: tf.DataType,
): tf.TensorInfo {
  const program: Program = {
    outputShape: x.shape,
    variableNames: ['A'],
    workgroupSize: [threads, 1, 1],
    dispatchLayout: { x: x.shape.map((_, axis) => axis) },
    dispatch: [Math.ceil(tf.util.sizeFromShape(x.shape) / threads), 1, 1],
    size: true,
    shaderKey: `dualc ${name}`,
    getUserCode: () => `
      fn main(index : i32) {
        if (index < uniforms.size) {
          let a = getAByOutputIndex(index);
          setOutputAtIndex(index, ${expression});
        }
      }`,
  };
  return (backend as WebgpuBackend).runWebGPUProgram(program, [x], dtype);
}
