/** A forward pass in layout `tfjs` with nothing but loops: an oracle for weights that were converted. */
import type { Weight, Weights } from '../../../runtime/weights/weights-from.ts';

export interface Step {
  readonly layer: string;
  readonly relu: boolean;
  /** For convolutions: stride and zeros on each side. */
  readonly stride?: number;
  readonly pad?: number;
}

/** Values of one example through the layers; a dense layer flattens height, width, channels. */
export function forward(
  weights: Weights,
  steps: readonly Step[],
  x: Float32Array,
  inputShape: readonly number[],
): Float64Array {
  let values = Float64Array.from(x);
  let shape = inputShape;
  for (const { layer, relu, stride = 1, pad = 0 } of steps) {
    const kernel = weights[`${layer}.weight`]!;
    const bias = weights[`${layer}.bias`]!.data;
    const result =
      kernel.shape.length === 4 ? conv2d(values, shape, kernel, bias, stride, pad) : dense(values, kernel, bias);
    values = relu ? result.values.map(value => Math.max(value, 0)) : result.values;
    shape = result.shape;
  }
  return values;
}

function dense(x: Float64Array, { shape, data }: Weight, bias: Float32Array) {
  const [inputs, units] = shape as [number, number];
  const values = Float64Array.from(bias);
  for (let i = 0; i < inputs; i++) for (let o = 0; o < units; o++) values[o]! += x[i]! * data[i * units + o]!;
  return { values, shape: [units] };
}

function conv2d(
  x: Float64Array,
  input: readonly number[],
  kernel: Weight,
  bias: Float32Array,
  stride: number,
  pad: number,
) {
  const [height, width, channels] = input as [number, number, number];
  const [kh, kw, , filters] = kernel.shape as [number, number, number, number];
  const outHeight = Math.floor((height + 2 * pad - kh) / stride) + 1;
  const outWidth = Math.floor((width + 2 * pad - kw) / stride) + 1;
  const values = new Float64Array(outHeight * outWidth * filters);
  for (let row = 0; row < outHeight; row++) {
    for (let column = 0; column < outWidth; column++) {
      const to = (row * outWidth + column) * filters;
      values.set(bias, to);
      for (let i = 0; i < kh; i++) {
        for (let j = 0; j < kw; j++) {
          const [y, z] = [row * stride + i - pad, column * stride + j - pad];
          if (y < 0 || z < 0 || y >= height || z >= width) continue;
          for (let c = 0; c < channels; c++) {
            const pixel = x[(y * width + z) * channels + c]!;
            const from = ((i * kw + j) * channels + c) * filters;
            for (let o = 0; o < filters; o++) values[to + o]! += pixel * kernel.data[from + o]!;
          }
        }
      }
    }
  }
  return { values, shape: [outHeight, outWidth, filters] };
}
