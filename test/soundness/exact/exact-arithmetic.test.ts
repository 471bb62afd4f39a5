/** The oracle's own arithmetic, against Fraction.js and against values worked by hand. */
import fc from 'fast-check';
import Fraction from 'fraction.js';
import { describe, expect, it } from 'vitest';
import { parseGraph } from '../../../compiler/2-graph/parse-graph.ts';
import { seededNumbers } from '../../support/program-inputs.ts';
import { corners, drawnPoints, exactBall, outline } from './exact-ball.ts';
import { cornersOfPieces } from './exact-minimum.ts';
import { exactNetwork } from './exact-network.ts';
import {
  between,
  compareEntry,
  difference,
  type ExactVector,
  exactVector,
  gapTo,
  reduced,
  sum,
  toNumber,
} from './exact-vector.ts';
import { float32Point } from './float32-points.ts';
import { fusedMultiplyAdd, sumOfProducts, sumRules } from './float32-sum.ts';

const doubles = fc.double({ noNaN: true, noDefaultInfinity: true });
const floats = fc.float({ noNaN: true, noDefaultInfinity: true });

/** `Fraction` reads decimals, not bits, so the double is handed over as integers. */
function fraction(value: number): Fraction {
  let [scaled, under] = [value, 1n];
  while (!Number.isInteger(scaled)) [scaled, under] = [scaled * 2, under * 2n];
  return new Fraction(BigInt(scaled), under);
}

function fractionAt({ units, exponent, divisor }: ExactVector, entry: number): Fraction {
  const power = 2n ** BigInt(Math.abs(exponent));
  return exponent < 0 ? new Fraction(units[entry]!, divisor * power) : new Fraction(units[entry]! * power, divisor);
}

describe('exact vectors', () => {
  it('hold the doubles that they are made of', () => {
    fc.assert(
      fc.property(fc.array(doubles, { minLength: 1, maxLength: 5 }), values => {
        const vector = exactVector(values);
        for (const [i, value] of values.entries()) {
          expect(fractionAt(vector, i).equals(fraction(value))).toBe(true);
          expect(toNumber(vector, i)).toBeCloseTo(value, 12);
          expect(compareEntry(vector, i, value)).toBe(0);
          expect(Math.abs(gapTo(vector, i, value))).toBe(0);
        }
      }),
    );
  });

  it('add, subtract, compare and divide as fractions do', () => {
    fc.assert(
      fc.property(
        doubles,
        doubles,
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 1, max: 1000 }),
        (a, b, m, n) => {
          const third = (value: number, by: number): ExactVector => ({ ...exactVector([value]), divisor: BigInt(by) });
          const [x, y] = [third(a, m), third(b, n)];
          const [p, q] = [fraction(a).div(m), fraction(b).div(n)];
          expect(fractionAt(sum(x, y), 0).equals(p.add(q))).toBe(true);
          expect(fractionAt(difference(x, y), 0).equals(p.sub(q))).toBe(true);
          expect(compareEntry(x, 0, b)).toBe(p.compare(fraction(b)));
          expect(fractionAt(between(x, y, [3n, 7n]), 0).equals(p.add(q.sub(p).mul(new Fraction(3, 7))))).toBe(true);
          expect(fractionAt(reduced(x), 0).equals(p)).toBe(true);
        },
      ),
    );
  });

  it('tell apart what doubles cannot', () => {
    const vector = sum(exactVector([2 ** 100]), exactVector([-(2 ** -1074)]));
    expect(compareEntry(vector, 0, 2 ** 100)).toBe(-1);
    expect(gapTo(vector, 0, 2 ** 100)).toBe(-(2 ** -1074));
    expect(toNumber(vector, 0)).toBe(2 ** 100);
    expect(compareEntry(vector, 0, Number.POSITIVE_INFINITY)).toBe(-1);
  });
});

const shapes = `a = input() : [2, 2, 1]
n = normalize(a) {mean: [0.5], std: [3]} : [2, 2, 1]
c = conv2d(n) {filters: 2, kernelSize: [2, 1], strides: [1, 2], padding: [1, 0, 0, 0], useBias: true} : [2, 1, 2]
r = relu(c) : [2, 1, 2]
f = flatten(r) : [4]
d = dense(f) {units: 2, useBias: true} : [2]
s = add(d, d) : [2]
ball linf 0.5
output s`;

describe('an exact network', () => {
  const params = {
    'c.weight': [1, -2, 3, 4],
    'c.bias': [0.25, -0.25],
    'd.weight': [1, 2, 3, 4, 5, 6, 7, 8],
    'd.bias': [0.5, -1],
  };
  const network = exactNetwork(parseGraph(shapes), params);

  it('has the values that a hand computes', () => {
    const values = network.valuesAt(exactVector([2, 9, 3.5, 9]));
    // (x − 1/2)/3 of the left column: 1/2, 1. Rows of the convolution: padding above and 1/2; 1/2 and 1.
    // Filter 0: 3·(1/2) + 1/4 = 7/4 and 1/2 + 3 + 1/4 = 15/4; filter 1: 4·(1/2) − 1/4 = 7/4 and −1 + 4 − 1/4 = 11/4.
    const numbers = (id: string) =>
      [...network.graph.layers].flatMap(layer => {
        const vector = values.get(layer.id)!;
        return layer.id === id ? vector.units.map((_, i) => toNumber(vector, i)) : [];
      });
    expect(numbers('c')).toEqual([1.75, 1.75, 3.75, 2.75]);
    // 1.75·(1 + 3) + 3.75·5 + 2.75·7 + 1/2, 1.75·(2 + 4) + 3.75·6 + 2.75·8 − 1, each twice.
    expect(numbers('s')).toEqual([91, 108]);
  });

  it('divides without rounding', () => {
    const values = network.valuesAt(exactVector([1, 1, 1, 1]));
    const normalized = values.get(network.graph.layers[1]!.id)!;
    expect(fractionAt(normalized, 0).equals(new Fraction(1, 6))).toBe(true);
  });

  it('has the gradient that differences give', () => {
    const point = exactVector([2, 9, 3.5, 9]);
    const gradient = network
      .gradients(network.graph.output, [1n, -1n], network.valuesAt(point))
      .get(network.graph.input)!;
    const gapAt = (x: ExactVector): Fraction => {
      const logits = network.valuesAt(x).get(network.graph.output)!;
      return fractionAt(logits, 0).sub(fractionAt(logits, 1));
    };
    for (let axis = 0; axis < 4; axis++) {
      const step = exactVector([0, 1, 2, 3].map(i => (i === axis ? 2 ** -20 : 0)));
      const slope = gapAt(sum(point, step))
        .sub(gapAt(point))
        .mul(2 ** 20);
      expect(fractionAt(gradient, axis).equals(slope)).toBe(true);
    }
  });
});

describe('the pieces of a network', () => {
  it('end where its nonlinearities have their kinks', () => {
    // |x| − 1 as relu(x) + relu(−x) − 1, then relu of it: kinks at 0, then at −1 and 1.
    const graph = parseGraph(`x = input() : [1]
a = dense(x) {units: 2, useBias: false} : [2]
r = relu(a) : [2]
b = dense(r) {units: 1, useBias: true} : [1]
s = relu(b) : [1]
c = dense(s) {units: 2, useBias: false} : [2]
ball linf 3
output c`);
    const own = exactNetwork(graph, { 'a.weight': [3, -3], 'b.weight': [1, 1], 'b.bias': [-1], 'c.weight': [1, 1] });
    const found = cornersOfPieces(own, [exactVector([-2]), exactVector([2])], 10)!;
    const places = [...new Set(found.map(point => fractionAt(point, 0).toFraction()))];
    expect(places.sort()).toEqual(['-1/3', '-2', '0', '1/3', '2']);
    expect(cornersOfPieces(own, [exactVector([-2]), exactVector([2])], 3)).toBeNull();
  });

  it('cover a square: none of its points is below the corners of its pieces', () => {
    const graph = parseGraph(`x = input() : [2]
a = dense(x) {units: 3, useBias: true} : [3]
r = relu(a) : [3]
b = dense(r) {units: 3, useBias: true} : [3]
s = relu(b) : [3]
c = dense(s) {units: 2, useBias: false} : [2]
ball linf 1
output c`);
    fc.assert(
      fc.property(fc.infiniteStream(fc.integer({ min: -8, max: 8 })), stream => {
        const draw = (count: number): number[] => [...stream.take(count)].map(value => value / 4);
        const own = exactNetwork(graph, {
          'a.weight': draw(6),
          'a.bias': draw(3),
          'b.weight': draw(9),
          'b.bias': draw(3),
          'c.weight': draw(6),
        });
        const ball = exactBall(graph.ball, [0, 0], 1);
        const gap = (point: ExactVector): number => {
          const logits = own.valuesAt(point).get(graph.output)!;
          return toNumber(logits, 0) - toNumber(logits, 1);
        };
        const least = Math.min(...cornersOfPieces(own, outline(ball), 200)!.map(gap));
        for (const point of drawnPoints(ball, 40, seededNumbers(5)))
          expect(gap(point)).toBeGreaterThanOrEqual(least - 1e-12);
      }),
      { numRuns: 40 },
    );
  });
});

describe('exact balls', () => {
  it('hold their corners and nothing beyond', () => {
    const ball = exactBall({ norm: 'linf', epsilon: 1, box: [0, 1] }, [0.25, 1], 0.1);
    const ends = [fraction(0.25).sub(fraction(0.1)), fraction(0.25).add(fraction(0.1))];
    const all = corners(ball);
    expect(all.map(corner => fractionAt(corner, 0).toFraction())).toEqual([0, 1, 0, 1].map(i => ends[i]!.toFraction()));
    expect(all.map(corner => toNumber(corner, 1))).toEqual([0.9, 0.9, 1, 1]);
    expect(all.every(ball.contains)).toBe(true);
    for (const step of [2 ** -1000, -(2 ** -1000)]) {
      const outside = sum(step > 0 ? all[3]! : all[0]!, exactVector([step, 0]));
      expect(ball.contains(outside)).toBe(false);
    }
    expect(() => exactBall({ norm: 'linf', epsilon: 1, box: [0, 1] }, [1.5], 0.1)).toThrow('outside the box');
  });

  it('have points of l2 within a hair of the sphere', () => {
    fc.assert(
      fc.property(
        fc.array(floats, { minLength: 1, maxLength: 6 }),
        fc.double({ min: 1e-30, max: 1e6, noNaN: true }),
        (direction, epsilon) => {
          const ball = exactBall(
            { norm: 'l2', epsilon },
            direction.map(() => 50_000),
            epsilon,
          );
          const point = ball.towards(direction);
          expect(ball.contains(point)).toBe(true);
          const offset = difference(point, ball.centre);
          const reach = Math.hypot(...direction.map((_, i) => toNumber(offset, i))) / epsilon;
          if (direction.some(entry => entry !== 0)) expect(reach).toBeGreaterThan(1 - 2 ** -40);
        },
      ),
    );
  });

  it('draw points inside, and float32 points beside them', () => {
    for (const norm of ['linf', 'l2'] as const)
      for (const [x, epsilon] of [
        [[0.5, -0.25], 0.1],
        [[50_000, 1], 0.0015],
        [[1e-40, 0], 1e-38],
      ] as const) {
        const centre = Float32Array.from(x);
        const ball = exactBall(norm === 'l2' ? { norm, epsilon } : { norm, epsilon, box: null }, centre, epsilon);
        for (const point of drawnPoints(ball, 30, seededNumbers(1))) {
          expect(ball.contains(point)).toBe(true);
          expect(ball.contains(exactVector(float32Point(point, centre)))).toBe(true);
        }
      }
  });
});

describe('sums in float32', () => {
  it('fuse as the exact sum rounded once', () => {
    fc.assert(
      fc.property(floats, floats, floats, (a, b, c) => {
        const exact = fraction(a).mul(fraction(b)).add(fraction(c));
        const result = fusedMultiplyAdd(a, b, c);
        if (!Number.isFinite(result)) return;
        const gap = (value: number): Fraction => fraction(value).sub(exact).abs();
        for (const step of [1, -1]) {
          const near = Math.fround(result + step * Math.max(Math.abs(result) * 2 ** -23, 2 ** -149));
          if (Number.isFinite(near)) expect(gap(result).compare(gap(near))).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 2000 },
    );
    // The double sum is a tie of two float32 numbers; what it lost says which is nearer.
    expect(fusedMultiplyAdd(2 ** 12 + 1, 2 ** 12 + 1, 2 ** -40)).toBe(16785410);
    expect(fusedMultiplyAdd(2 ** 12 + 1, 2 ** 12 + 1, -(2 ** -40))).toBe(16785408);
  });

  it('differ by rule, and only by rounding', () => {
    const [weights, xs] = [
      [1, 1, -1, 3],
      [2 ** 25, 1, 2 ** 25, 1],
    ];
    const sums = sumRules.map(rule => sumOfProducts(weights, xs, 0.5, rule));
    expect(new Set(sums).size).toBeGreaterThan(2);
    for (const total of sums) expect(Math.abs(total - 4.5)).toBeLessThan(5);
    for (const rule of sumRules) expect(sumOfProducts([1, 2], [3, 4], 5, rule)).toBe(16);
  });

  it('flush subnormals where the rule says so', () => {
    const plain = sumRules.find(({ name }) => name === 'left to right')!;
    const flushing = sumRules.find(({ name }) => name === 'flushed')!;
    expect(sumOfProducts([2 ** -140], [2 ** 20], null, plain)).toBe(2 ** -120);
    expect(sumOfProducts([2 ** -140], [2 ** 20], null, flushing)).toBe(0);
    expect(sumOfProducts([2 ** -100], [2 ** -30], null, flushing)).toBe(0);
  });
});
