/**
 * Which products an entry of a result is the sum of, straight from the definition of each operation. The interpreter of the compiler
 * says the same, which a test holds.
 */
import type { Pair, SumOp } from './probe-op.ts';

/** `count` products: the first has its factors at places `a` and `b` of the operands, the next ones so many places further on. */
export interface Run {
  readonly a: number;
  readonly stepA: number;
  readonly b: number;
  readonly stepB: number;
  readonly count: number;
}

type Shape = readonly number[];
type Row<Kind> = (op: Extract<SumOp, { kind: Kind }>, a: Shape, b: Shape) => Products;

export interface Products {
  readonly shape: Shape;
  /** Together they are the products of the entry. A sum has the single second factor 1. */
  readonly ofEntry: (entry: number) => readonly Run[];
}

const rows: { readonly [Kind in SumOp['kind']]: Row<Kind> } = {
  matMul({ transposeA, transposeB }, a, b) {
    const [m, k] = transposed(a, transposeA);
    const [, n] = transposed(b, transposeB);
    return {
      shape: [...a.slice(0, -2), m, n],
      ofEntry(entry) {
        const [batch, row, column] = [Math.floor(entry / (m * n)), Math.floor(entry / n) % m, entry % n];
        const [a, stepA] = transposeA ? [row, m] : [row * k, 1];
        const [b, stepB] = transposeB ? [column * k, 1] : [column, n];
        return [{ a: batch * m * k + a, stepA, b: batch * k * n + b, stepB, count: k }];
      },
    };
  },
  conv2d({ strides, padding: [top, bottom, left, right] }, a, b) {
    const [N, H, W, C] = a as Four;
    const [kh, kw, , F] = b as Four;
    const h = Math.floor((H + top + bottom - kh) / strides[0]) + 1;
    const w = Math.floor((W + left + right - kw) / strides[1]) + 1;
    return {
      shape: [N, h, w, F],
      ofEntry(entry) {
        const runs: Run[] = [];
        const [n, y, x, f] = places(entry, [h, w, F]);
        for (let i = 0; i < kh; i++) {
          const Y = y * strides[0] - top + i;
          if (Y < 0 || Y >= H) continue;
          for (let j = 0; j < kw; j++) {
            const X = x * strides[1] - left + j;
            if (X < 0 || X >= W) continue;
            runs.push({ a: ((n * H + Y) * W + X) * C, stepA: 1, b: (i * kw + j) * C * F + f, stepB: F, count: C });
          }
        }
        return runs;
      },
    };
  },
  transposedConv2d({ inputSize, strides, padding: [top, , left] }, a, b) {
    const [N, h, w, F] = a as Four;
    const [kh, kw, C] = b as Four;
    return {
      shape: [N, ...inputSize, C],
      ofEntry(entry) {
        const runs: Run[] = [];
        const [n, Y, X, c] = places(entry, [...inputSize, C]);
        for (let i = 0; i < kh; i++) {
          const y = (Y + top - i) / strides[0];
          if (!Number.isInteger(y) || y < 0 || y >= h) continue;
          for (let j = 0; j < kw; j++) {
            const x = (X + left - j) / strides[1];
            if (!Number.isInteger(x) || x < 0 || x >= w) continue;
            runs.push({ a: ((n * h + y) * w + x) * F, stepA: 1, b: ((i * kw + j) * C + c) * F, stepB: 1, count: F });
          }
        }
        return runs;
      },
    };
  },
  conv2dKernelGradient({ kernelSize, strides, padding: [top, , left] }, a, b) {
    const [N, H, W, C] = a as Four;
    const [, h, w, F] = b as Four;
    return {
      shape: [...kernelSize, C, F],
      ofEntry(entry) {
        const runs: Run[] = [];
        const [i, j, c, f] = places(entry, [kernelSize[1], C, F]);
        for (let n = 0; n < N; n++)
          for (let y = 0; y < h; y++) {
            const Y = y * strides[0] - top + i;
            if (Y < 0 || Y >= H) continue;
            for (let x = 0; x < w; x++) {
              const X = x * strides[1] - left + j;
              if (X < 0 || X >= W) continue;
              runs.push({
                a: ((n * H + Y) * W + X) * C + c,
                stepA: 0,
                b: ((n * h + y) * w + x) * F + f,
                stepB: 0,
                count: 1,
              });
            }
          }
        return runs;
      },
    };
  },
  rowNorms({ rows: count }, dual, weights) {
    const [groups = 1] = weights;
    const features = weights.slice(1).reduce((product, size) => product * size, 1);
    const isShared = dual[0] === count;
    return {
      shape: [groups, count],
      ofEntry(entry) {
        const [group, row] = [Math.floor(entry / count), entry % count];
        const a = ((isShared ? 0 : group * count) + row) * features;
        return [{ a, stepA: 1, b: group * features, stepB: 1, count: features }];
      },
    };
  },
  sum(_op, a) {
    const n = a.at(-1) ?? 1;
    return {
      shape: a.slice(0, -1),
      ofEntry: entry => [{ a: entry * n, stepA: 1, b: 0, stepB: 0, count: n }],
    };
  },
};

export function productsOf(op: SumOp, a: Shape, b: Shape): Products {
  return (rows[op.kind] as (op: SumOp, a: Shape, b: Shape) => Products)(op, a, b);
}

type Four = readonly [number, number, number, number];

/** The last two axes. */
function transposed(shape: Shape, swap: boolean): Pair {
  const [rows = 1, columns = 1] = shape.slice(-2);
  return swap ? [columns, rows] : [rows, columns];
}

/** The four indices of an entry, given the last three sizes. */
function places(entry: number, [second, third, fourth]: readonly number[]): Four {
  const [b = 1, c = 1, d = 1] = [second, third, fourth];
  return [Math.floor(entry / (b * c * d)), Math.floor(entry / (c * d)) % b, Math.floor(entry / d) % c, entry % d];
}
