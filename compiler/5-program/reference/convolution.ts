/**
 * The convolution and its two adjoints, as one walk over all pairs (input pixel, output pixel) that a kernel entry joins.
 * Multiplying by an entry that is 0 is left out: most of a dual's are.
 */
import type { ConvGeometry } from '../tensor-program.ts';
import { type Float64Tensor, zeros } from './float64-tensor.ts';

type Sizes = readonly number[];

/** Visits `(input offset, output offset, kernel offset)` of every such pair: where the pixel's or the kernel entry's channels start. */
function eachPair(
  { strides, padding }: ConvGeometry,
  [examples, height, width, channels]: Sizes,
  [, outHeight, outWidth, filters]: Sizes,
  [kernelHeight, kernelWidth]: Sizes,
  visit: (atX: number, atY: number, atKernel: number) => void,
): void {
  const [top, , left] = padding;
  for (let n = 0; n < examples!; n++) {
    for (let row = 0; row < outHeight!; row++) {
      for (let column = 0; column < outWidth!; column++) {
        const atY = ((n * outHeight! + row) * outWidth! + column) * filters!;
        for (let i = 0; i < kernelHeight!; i++) {
          const y = row * strides[0] + i - top;
          if (y < 0 || y >= height!) continue;
          for (let j = 0; j < kernelWidth!; j++) {
            const x = column * strides[1] + j - left;
            if (x < 0 || x >= width!) continue;
            const atX = ((n * height! + y) * width! + x) * channels!;
            visit(atX, atY, (i * kernelWidth! + j) * channels! * filters!);
          }
        }
      }
    }
  }
}

/** `(x [n, H, W, C], kernel [kh, kw, C, F]) → shape [n, h, w, F]`. */
export function conv2d(geometry: ConvGeometry, x: Float64Tensor, kernel: Float64Tensor, shape: Sizes): Float64Array {
  const [channels, filters] = [kernel.shape[2]!, kernel.shape[3]!];
  const result = zeros(shape);
  eachPair(geometry, x.shape, shape, kernel.shape, (atX, atY, atKernel) => {
    for (let c = 0; c < channels; c++) {
      const entry = x.data[atX + c]!;
      if (entry === 0) continue;
      for (let f = 0; f < filters; f++) result[atY + f]! += entry * kernel.data[atKernel + c * filters + f]!;
    }
  });
  return result;
}

/** `(y [n, h, w, F], kernel [kh, kw, C, F]) → shape [n, H, W, C]`. */
export function transposedConv2d(
  geometry: ConvGeometry,
  y: Float64Tensor,
  kernel: Float64Tensor,
  shape: Sizes,
): Float64Array {
  const [channels, filters] = [kernel.shape[2]!, kernel.shape[3]!];
  const result = zeros(shape);
  eachPair(geometry, shape, y.shape, kernel.shape, (atX, atY, atKernel) => {
    for (let f = 0; f < filters; f++) {
      const entry = y.data[atY + f]!;
      if (entry === 0) continue;
      for (let c = 0; c < channels; c++) result[atX + c]! += entry * kernel.data[atKernel + c * filters + f]!;
    }
  });
  return result;
}

/** `(x [n, H, W, C], y [n, h, w, F]) → shape [kh, kw, C, F]`. */
export function conv2dKernelGradient(
  geometry: ConvGeometry,
  x: Float64Tensor,
  y: Float64Tensor,
  shape: Sizes,
): Float64Array {
  const [channels, filters] = [shape[2]!, shape[3]!];
  const result = zeros(shape);
  eachPair(geometry, x.shape, y.shape, shape, (atX, atY, atKernel) => {
    for (let c = 0; c < channels; c++) {
      const entry = x.data[atX + c]!;
      if (entry === 0) continue;
      for (let f = 0; f < filters; f++) result[atKernel + c * filters + f]! += entry * y.data[atY + f]!;
    }
  });
  return result;
}
