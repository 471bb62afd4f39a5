import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance, project } from '../../../runtime/attack/ball.ts';

const size = 12;
const coordinates = (min: number, max: number): fc.Arbitrary<Float32Array> =>
  fc.float32Array({ minLength: size, maxLength: size, min: Math.fround(min), max: Math.fround(max), noNaN: true });
const epsilons = fc.oneof(fc.double({ min: 1e-9, max: 2, noNaN: true }), fc.constantFrom(0, 0.1, 8 / 255));
const boxes = fc.constantFrom<readonly [number, number] | null>([0, 1], [0.1, 0.9], null);

describe('project', () => {
  it('never leaves the linf ball or the box, not even by rounding', () => {
    fc.assert(
      fc.property(coordinates(-4, 4), coordinates(0.11, 0.89), epsilons, boxes, (point, centre, epsilon, box) => {
        project(point, centre, { norm: 'linf', epsilon, box });
        point.forEach((value, i) => {
          expect(Math.abs(value - centre[i]!)).toBeLessThanOrEqual(epsilon);
          if (box !== null) {
            expect(value).toBeGreaterThanOrEqual(box[0]);
            expect(value).toBeLessThanOrEqual(box[1]);
          }
        });
      }),
      { numRuns: 1000 },
    );
  });

  it('never leaves the l2 ball or the box, not even by rounding', () => {
    fc.assert(
      fc.property(coordinates(-4, 4), coordinates(0.11, 0.89), epsilons, boxes, (point, centre, epsilon, box) => {
        project(point, centre, { norm: 'l2', epsilon, box });
        expect(distance(point, centre)).toBeLessThanOrEqual(epsilon);
        for (const value of box === null ? [] : point) {
          expect(value).toBeGreaterThanOrEqual(box![0]);
          expect(value).toBeLessThanOrEqual(box![1]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['linf', 'l2'] as const)('leaves a point of the %s ball where it is', norm => {
    const point = new Float32Array([0.55, 0.45]);
    project(point, new Float32Array([0.5, 0.5]), { norm, epsilon: 0.1, box: [0, 1] });
    expect(point).toEqual(new Float32Array([0.55, 0.45]));
  });

  it('reaches the border: the projection is no smaller than it must be', () => {
    const point = new Float32Array([9, 9]);
    project(point, new Float32Array([0.5, 0.5]), { norm: 'linf', epsilon: 0.1, box: null });
    expect(point[0]).toBeCloseTo(0.6, 6);
    const far = new Float32Array([3.5, 4.5]);
    project(far, new Float32Array([0.5, 0.5]), { norm: 'l2', epsilon: 1, box: null });
    expect([...far].map(value => value - 0.5)).toEqual([expect.closeTo(0.6, 5), expect.closeTo(0.8, 5)]);
  });
});
