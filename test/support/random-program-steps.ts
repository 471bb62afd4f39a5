/** The steps that random programs are made of: each appends one operation, or a few, of a kind. */
import type { ProgramBuilder } from '../../compiler/5-program/builder.ts';
import { broadcastShapes, countOf, type Dim, type ProgramShape } from '../../compiler/5-program/dim.ts';
import { convOutputSize } from '../../compiler/5-program/operations/convolutions.ts';
import type { BinaryKind, ConvGeometry, UnaryKind } from '../../compiler/5-program/tensor-program.ts';
import type { ValueId } from '../../compiler/shared/ids.ts';

/** Where a step appends: the values it may use, and its own small numbers to decide with. */
export interface Site {
  readonly b: ProgramBuilder;
  readonly values: readonly ValueId[];
  readonly loop: { readonly rows: number; readonly size: number } | null;
  /** The next decision, in `0 … below − 1`. */
  readonly choose: (below: number) => number;
  readonly newName: (stem: string) => string;
}

/** Appends one value, or null when nothing there fits it. */
export type Step = (site: Site) => ValueId | null;

const positive = ['add', 'sub', 'mul', 'maximum', 'minimum'] as const satisfies readonly BinaryKind[];
const unaryKinds = ['neg', 'abs', 'relu', 'step', 'sign', 'square'] as const satisfies readonly UnaryKind[];
const limit = 3000;

function pick({ b, values, choose }: Site, fits: (shape: ProgramShape) => boolean): ValueId | null {
  const candidates = values.filter(value => fits(b.shapeOf(value)));
  return candidates[choose(candidates.length)] ?? null;
}

const any = (): boolean => true;
export const isBatch = (dim: Dim | undefined): boolean => typeof dim === 'string';
const entries = (shape: ProgramShape): number => Number.parseInt(String(countOf(shape)), 10);

function geometry({ choose }: Site): ConvGeometry {
  return {
    strides: [1 + choose(3), 1 + choose(3)],
    padding: [choose(3), choose(2), choose(3), choose(2)],
  };
}

const outputOf = (x: ProgramShape, kernel: readonly number[], { strides, padding }: ConvGeometry): number[] => [
  convOutputSize(x[1] as number, kernel[0] as number, strides[0], padding[0], padding[1]),
  convOutputSize(x[2] as number, kernel[1] as number, strides[1], padding[2], padding[3]),
];

const imageLike = (shape: ProgramShape): boolean => shape.length === 4 && shape.slice(1).every(dim => !isBatch(dim));
const pairable = (a: ProgramShape, b: ProgramShape): boolean => {
  const shape = broadcastShapes(a, b);
  return shape !== null && shape.filter(isBatch).length <= 1 && entries(shape) <= limit;
};

function convolution(site: Site, build: (x: ValueId, kernel: ValueId, op: ConvGeometry) => ValueId): ValueId | null {
  const x = pick(site, imageLike);
  if (x === null) return null;
  const shape = site.b.shapeOf(x);
  const kernel = [1 + site.choose(3), 1 + site.choose(3), shape[3] as number, 1 + site.choose(3)];
  const op = geometry(site);
  if (outputOf(shape, kernel, op).some(size => size < 1)) return null;
  return build(x, site.b.append({ kind: 'param', name: site.newName('kernel'), shape: kernel }), op);
}

export const steps: readonly Step[] = [
  ({ b, choose }) => b.constant([0.5, -2, 0, 1e-3, -0][choose(5)] ?? 1),
  ({ b, choose }) => b.append({ kind: 'vector', values: [0.25, -1, 3, 1e21].slice(0, 1 + choose(4)) }),
  ({ b }) => b.append({ kind: 'batchSize' }),
  ({ b, choose, newName }) =>
    b.append({
      kind: 'noise',
      distribution: choose(2) === 0 ? 'cauchy' : 'normal',
      stream: newName('noise'),
      shape: [1 + choose(3), 4, 3],
    }),
  ({ b, choose, loop }) =>
    b.append({ kind: 'unitRows', ...(loop ?? { rows: 6, size: 6 }), shape: [[6], [2, 3]][choose(2)]! }),
  site => {
    const x = pick(site, any);
    return x === null ? null : site.b.unary(unaryKinds[site.choose(unaryKinds.length)]!, x);
  },
  site => {
    const x = pick(site, any);
    if (x === null) return null;
    const above = site.b.binary('add', site.b.unary('abs', x), site.b.constant(0.1));
    const kinds = ['sqrt', 'log', 'detach'] as const;
    return site.b.append({ kind: kinds[site.choose(3)]! }, [above]);
  },
  site => {
    const x = pick(site, any);
    if (x === null) return null;
    return site.b.unary('exp', site.b.binary('minimum', x, site.b.constant(2)));
  },
  site => {
    const x = pick(site, any);
    const y = x === null ? null : pick(site, shape => pairable(site.b.shapeOf(x), shape));
    return x === null || y === null ? null : site.b.binary(positive[site.choose(positive.length)]!, x, y);
  },
  site => {
    const x = pick(site, any);
    const y = x === null ? null : pick(site, shape => pairable(site.b.shapeOf(x), shape));
    if (x === null || y === null) return null;
    return site.b.binary('div', x, site.b.binary('add', site.b.unary('square', y), site.b.constant(0.5)));
  },
  site => {
    const x = pick(site, shape => shape.length > 0);
    if (x === null) return null;
    const axes = site.b.shapeOf(x).flatMap((_, axis) => (site.choose(2) === 0 ? [axis] : []));
    return site.b.append({ kind: site.choose(2) === 0 ? 'sum' : 'max', axes, keepDims: site.choose(2) === 0 }, [x]);
  },
  site => {
    const x = pick(site, any);
    return x === null ? null : site.b.reshape(x, [countOf(site.b.shapeOf(x))]);
  },
  site => {
    const x = pick(site, shape => shape.length > 0);
    if (x === null) return null;
    const axes = site.b.shapeOf(x).map((_, axis) => axis);
    const turn = site.choose(axes.length);
    return site.b.transpose(x, [...axes.slice(turn), ...axes.slice(0, turn)]);
  },
  site => {
    const x = pick(site, shape => shape.some(dim => !isBatch(dim)) && entries(shape) <= limit / 3);
    if (x === null) return null;
    const { b, choose } = site;
    const fixed = b.shapeOf(x).flatMap((dim, axis) => (isBatch(dim) ? [] : [axis]));
    const axis = fixed[choose(fixed.length)]!;
    const size = b.shapeOf(x)[axis] as number;
    const begin = choose(size);
    const part = b.append({ kind: 'slice', axis, begin, size: 1 + choose(size - begin) }, [x]);
    if (choose(2) === 0 && b.shapeOf(x).length <= 4) {
      const along = (count: number): number[] => b.shapeOf(x).map((_, other) => (other === axis ? count : 0));
      return b.append({ kind: 'pad', before: along(choose(3)), after: along(choose(3)) }, [part]);
    }
    return b.append({ kind: 'concat', axis }, choose(3) === 0 ? [part] : [part, x]);
  },
  site => {
    const x = pick(site, shape => entries(shape) <= limit / 3);
    return x === null
      ? null
      : site.b.append({ kind: 'broadcast', shape: [1 + site.choose(3), ...site.b.shapeOf(x)] }, [x]);
  },
  site => {
    const x = pick(site, shape => shape.length === 2 && !isBatch(shape[1]));
    if (x === null) return null;
    const inner = site.b.shapeOf(x)[1]!;
    const transposeB = site.choose(2) === 0;
    const columns = 1 + site.choose(4);
    const shape = transposeB ? [columns, inner] : [inner, columns];
    const weight = site.b.append({ kind: 'param', name: site.newName('weight'), shape });
    return site.b.matMul(x, weight, { b: transposeB });
  },
  site => {
    const x = pick(site, shape => shape.length === 3 && !shape.slice(1).some(isBatch));
    if (x === null) return null;
    const a = site.choose(2) === 0;
    return site.b.matMul(x, x, { a, b: !a });
  },
  site => convolution(site, (x, kernel, op) => site.b.append({ kind: 'conv2d', ...op }, [x, kernel])),
  site =>
    convolution(site, (x, kernel, op) => {
      const [, height, width] = site.b.shapeOf(x) as [Dim, number, number];
      const y = site.b.append({ kind: 'conv2d', ...op }, [x, kernel]);
      return site.b.append({ kind: 'transposedConv2d', inputSize: [height, width], ...op }, [y, kernel]);
    }),
  site =>
    convolution(site, (x, kernel, op) => {
      const [height, width] = site.b.shapeOf(kernel) as [number, number];
      const y = site.b.append({ kind: 'conv2d', ...op }, [x, kernel]);
      return site.b.append({ kind: 'conv2dKernelGradient', kernelSize: [height, width], ...op }, [x, y]);
    }),
  site => {
    const samples = pick(site, shape => shape.length === 3 && !isBatch(shape[1]) && (shape[1] as number) > 1);
    if (samples === null) return null;
    const estimator = (['median', 'geometric', 'ml'] as const)[site.choose(3)]!;
    const scale = site.b.append({ kind: 'cauchyScale', estimator }, [samples]);
    if (site.choose(2) === 0) return scale;
    return site.b.append({ kind: 'cauchyScaleGradient', estimator }, [samples, scale, scale]);
  },
];
