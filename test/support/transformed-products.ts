/** Fast algorithms for sums of products, in float32: right in exact arithmetic, and not within the bound of a sum in the other. */
import type { Numbers, ProbeOp } from '../../runtime/backend/arithmetic/probe-op.ts';
import { float32, sumsOf } from './fake-arithmetic.ts';

const { fround } = Math;
type Matrix = readonly (readonly number[])[];

/** The transforms of a tile of the input, of a kernel of 3×3, and back to the entries that the tile gives. */
interface Winograd {
  readonly ofInput: Matrix;
  readonly ofKernel: Matrix;
  readonly back: Matrix;
}

/** Lavin and Gray (2016), F(2×2, 3×3). */
export const tilesOf2: Winograd = {
  ofInput: [
    [1, 0, -1, 0],
    [0, 1, 1, 0],
    [0, -1, 1, 0],
    [0, 1, 0, -1],
  ],
  ofKernel: [
    [1, 0, 0],
    [0.5, 0.5, 0.5],
    [0.5, -0.5, 0.5],
    [0, 0, 1],
  ],
  back: [
    [1, 1, 1, 0],
    [0, 1, -1, -1],
  ],
};

/** The same, F(4×4, 3×3). */
export const tilesOf4: Winograd = {
  ofInput: [
    [4, 0, -5, 0, 1, 0],
    [0, -4, -4, 1, 1, 0],
    [0, 4, -4, -1, 1, 0],
    [0, -2, -1, 2, 1, 0],
    [0, 2, -1, -2, 1, 0],
    [0, 4, 0, -5, 0, 1],
  ],
  ofKernel: [
    [1 / 4, 0, 0],
    [-1 / 6, -1 / 6, -1 / 6],
    [-1 / 6, 1 / 6, -1 / 6],
    [1 / 24, 1 / 12, 1 / 6],
    [1 / 24, -1 / 12, 1 / 6],
    [0, 0, 1],
  ],
  back: [
    [1, 1, 1, 1, 1, 0],
    [0, 1, -1, 2, -2, 0],
    [0, 1, 1, 4, 4, 0],
    [0, 1, -1, 8, -8, 1],
  ],
};

type Own = (op: ProbeOp, operands: readonly Numbers[]) => Float32Array | null;

/** Convolutions with kernels of 3×3 at stride 1. */
export function winograd({ ofInput, ofKernel, back }: Winograd): Own {
  return (op, [x, kernel]) => {
    if (op.kind !== 'conv2d' || op.strides.some(stride => stride !== 1)) return null;
    const [n = 1, H = 1, W = 1, C = 1] = x!.shape;
    const [kh, kw, , F = 1] = kernel!.shape;
    if (kh !== 3 || kw !== 3) return null;
    const [top, bottom, left, right] = op.padding;
    const [h, w] = [H + top + bottom - 2, W + left + right - 2];
    const inside = indices(ofInput.length);
    const pixel = (b: number, Y: number, X: number, c: number): number =>
      Y < 0 || Y >= H || X < 0 || X >= W ? 0 : x!.data[((b * H + Y) * W + X) * C + c]!;
    const kernels = indices(C * F).map(cf =>
      sandwich(
        ofKernel,
        indices(3).map(i => indices(3).map(j => kernel!.data[(i * 3 + j) * C * F + cf]!)),
      ),
    );
    const result = new Float32Array(n * h * w * F);
    for (let b = 0; b < n; b++)
      for (let y = 0; y < h; y += back.length)
        for (let v = 0; v < w; v += back.length) {
          const tiles = indices(C).map(c =>
            sandwich(
              ofInput,
              inside.map(i => inside.map(j => pixel(b, y - top + i, v - left + j, c))),
            ),
          );
          for (let f = 0; f < F; f++) {
            const sums = inside.map(i =>
              inside.map(j =>
                tiles.reduce((sum, tile, c) => fround(sum + fround(tile[i]![j]! * kernels[c * F + f]![i]![j]!)), 0),
              ),
            );
            for (const [i, row] of sandwich(back, sums).entries())
              for (const [j, value] of row.entries())
                if (y + i < h && v + j < w) result[((b * h + y + i) * w + v + j) * F + f] = value;
          }
        }
    return result;
  };
}

const indices = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

/** `t · m · tᵀ`. */
const sandwich = (t: Matrix, m: Matrix): Matrix => transposed(times(t, transposed(times(t, m))));
const transposed = (m: Matrix): Matrix => m[0]!.map((_, j) => m.map(row => row[j]!));
const times = (a: Matrix, b: Matrix): Matrix =>
  a.map(row => b[0]!.map((_, j) => row.reduce((sum, value, k) => fround(sum + fround(value * b[k]![j]!)), 0)));

/**
 * Convolutions with kernels of 5×5 at stride 1, by Fourier's transform with spectra in float32.
 */
export function fourier(op: ProbeOp, [x, kernel]: readonly Numbers[]): Float32Array | null {
  if (op.kind !== 'conv2d' || op.strides.some(stride => stride !== 1)) return null;
  const [n = 1, H = 1, W = 1, C = 1] = x!.shape;
  const [kh = 1, kw = 1, , F = 1] = kernel!.shape;
  if (kh !== 5 || kw !== 5) return null;
  const [top, bottom, left, right] = op.padding;
  const [rows, columns] = [H + top + bottom, W + left + right];
  const result = new Float32Array(n * (rows - 4) * (columns - 4) * F);
  const plane = (entry: (i: number, j: number) => number): Spectrum => spectrumOf(rows, columns, entry);
  const kernels = Array.from({ length: C * F }, (_, cf) =>
    plane((i, j) => (i < kh && j < kw ? kernel!.data[(i * kw + j) * C * F + cf]! : 0)),
  );
  for (let b = 0; b < n; b++) {
    const images = Array.from({ length: C }, (_, c) =>
      plane((i, j) => {
        const [Y, X] = [i - top, j - left];
        return Y < 0 || Y >= H || X < 0 || X >= W ? 0 : x!.data[((b * H + Y) * W + X) * C + c]!;
      }),
    );
    for (let f = 0; f < F; f++) {
      const sum = { re: new Float32Array(rows * columns), im: new Float32Array(rows * columns) };
      for (let c = 0; c < C; c++) correlate(sum, images[c]!, kernels[c * F + f]!);
      const values = inverse(rows, columns, sum);
      for (let i = 0; i < rows - 4; i++)
        for (let j = 0; j < columns - 4; j++)
          result[((b * (rows - 4) + i) * (columns - 4) + j) * F + f] = values[i * columns + j]!;
    }
  }
  return result;
}

interface Spectrum {
  readonly re: Float32Array;
  readonly im: Float32Array;
}

function spectrumOf(rows: number, columns: number, entry: (i: number, j: number) => number): Spectrum {
  const re = Float32Array.from({ length: rows * columns }, (_, i) => entry(Math.floor(i / columns), i % columns));
  const alongRows = transformed(columns, rows, 1, columns, { re, im: new Float32Array(re.length) }, -1);
  return transformed(rows, columns, columns, 1, alongRows, -1);
}

function inverse(rows: number, columns: number, spectrum: Spectrum): Float32Array {
  const once = transformed(columns, rows, 1, columns, spectrum, 1);
  return transformed(rows, columns, columns, 1, once, 1).re.map(value => value / (rows * columns));
}

/** Along one axis: `length` entries `step` apart, for each of `count` lines `lineStep` apart. */
function transformed(
  length: number,
  count: number,
  step: number,
  lineStep: number,
  { re, im }: Spectrum,
  sign: number,
): Spectrum {
  const result = { re: new Float32Array(re.length), im: new Float32Array(re.length) };
  const angles = Array.from({ length }, (_, i) => (sign * 2 * Math.PI * i) / length);
  const [cos, sin] = [angles.map(Math.cos), angles.map(Math.sin)];
  for (let line = 0; line < count; line++)
    for (let k = 0; k < length; k++) {
      let [a, b] = [0, 0];
      for (let i = 0; i < length; i++) {
        const [c, s, at] = [cos[(i * k) % length]!, sin[(i * k) % length]!, line * lineStep + i * step];
        a += re[at]! * c - im[at]! * s;
        b += re[at]! * s + im[at]! * c;
      }
      result.re[line * lineStep + k * step] = a;
      result.im[line * lineStep + k * step] = b;
    }
  return result;
}

/** Adds the image times the conjugate of the kernel. */
function correlate(sum: Spectrum, image: Spectrum, kernel: Spectrum): void {
  for (let i = 0; i < sum.re.length; i++) {
    sum.re[i]! += image.re[i]! * kernel.re[i]! + image.im[i]! * kernel.im[i]!;
    sum.im[i]! += image.im[i]! * kernel.re[i]! - image.re[i]! * kernel.im[i]!;
  }
}

/** One level of Strassen's products (1969), for matrices of an even size from 64 on. */
export function strassen(op: ProbeOp, [a, b]: readonly Numbers[]): Float32Array | null {
  if (op.kind !== 'matMul' || op.transposeA || op.transposeB || a!.shape.length !== 2) return null;
  const [m = 1, k = 1] = a!.shape;
  const n = b!.shape[1] ?? 1;
  if ([m, k, n].some(size => size < 64 || size % 2 === 1)) return null;
  const [a11, a12, a21, a22] = quarters(a!);
  const [b11, b12, b21, b22] = quarters(b!);
  const times = (x: Numbers, y: Numbers): Numbers => ({ shape: [m / 2, n / 2], data: sumsOf(float32, op, x, y) });
  const m1 = times(plus(a11, a22), plus(b11, b22));
  const m2 = times(plus(a21, a22), b11);
  const m3 = times(a11, plus(b12, b22, -1));
  const m4 = times(a22, plus(b21, b11, -1));
  const m5 = times(plus(a11, a12), b22);
  const m6 = times(plus(a21, a11, -1), plus(b11, b12));
  const m7 = times(plus(a12, a22, -1), plus(b21, b22));
  const parts = [
    plus(plus(plus(m1, m4), m5, -1), m7),
    plus(m3, m5),
    plus(m2, m4),
    plus(plus(plus(m1, m2, -1), m3), m6),
  ];
  return Float32Array.from({ length: m * n }, (_, entry) => {
    const [row, column] = [Math.floor(entry / n), entry % n];
    const part = parts[(row < m / 2 ? 0 : 2) + (column < n / 2 ? 0 : 1)]!;
    return part.data[(row % (m / 2)) * (n / 2) + (column % (n / 2))]!;
  });
}

const plus = (x: Numbers, y: Numbers, sign = 1): Numbers => ({
  shape: x.shape,
  data: x.data.map((value, i) => value + sign * y.data[i]!),
});

function quarters({ shape: [rows = 1, columns = 1], data }: Numbers): readonly [Numbers, Numbers, Numbers, Numbers] {
  const [h, w] = [rows / 2, columns / 2];
  const quarter = (top: number, left: number): Numbers => ({
    shape: [h, w],
    data: Float32Array.from({ length: h * w }, (_, i) => data[(top + Math.floor(i / w)) * columns + left + (i % w)]!),
  });
  return [quarter(0, 0), quarter(0, w), quarter(h, 0), quarter(h, w)];
}
