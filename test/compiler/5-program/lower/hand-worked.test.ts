import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../support/expect-pass.ts';
import { boundsBy, entries, marginsBy } from './hand-worked.ts';

const close = (values: Parameters<typeof entries>[0], name: string, wanted: readonly number[]): void =>
  expectClose(entries(values, name), wanted, 1e-12, name);

describe('the bounds of the network worked by hand', () => {
  it('closed form: |W| r', () => {
    const values = boundsBy('exact');
    close(values, 'bounds.h.lower', [-1, -1 / 2]);
    close(values, 'bounds.h.upper', [2, 3 / 2]);
  });

  it('closed form in a box: the ball is cut on all sides', () => {
    const values = boundsBy('exact', 'linf 0.75 in [0, 1]', 0.75);
    close(values, 'bounds.h.lower', [-1, -1 / 2]);
    close(values, 'bounds.h.upper', [2, 3 / 2]);
    // One side: x ∈ [0, 3/4]², centre 3/8, radius 3/8.
    const half = boundsBy('exact', 'linf 0.5 in [0, 0.75]');
    close(half, 'bounds.h.lower', [9 / 8 - 1 - 9 / 8, 1 / 2 - 3 / 4]);
    close(half, 'bounds.h.upper', [9 / 8 - 1 + 9 / 8, 1 / 2 + 3 / 4]);
  });

  it('closed form, l2: ε times the norm of each row', () => {
    const values = boundsBy('exact', 'l2 0.5');
    close(values, 'bounds.h.lower', [1 / 2 - Math.sqrt(5) / 2, 1 / 2 - Math.sqrt(2) / 2]);
    close(values, 'bounds.h.upper', [1 / 2 + Math.sqrt(5) / 2, 1 / 2 + Math.sqrt(2) / 2]);
  });

  it.each([
    ['backward', {}],
    ['backward', { memoryBytes: 1 }],
  ])('%s, %o: norms at the bands and at the ball', (strategy, options) => {
    const values = boundsBy(`h=closed-form,g=${strategy}`, 'linf 0.5', 0.5, options);
    close(values, 'bounds.g.lower', [(-11 - 45) / 24, (59 - 77) / 48]);
    close(values, 'bounds.g.upper', [(-11 + 45) / 24, (59 + 77) / 48]);
  });

  it('backward, l2: the ball takes the norm of what arrives', () => {
    // Bounds of z as above; slopes u/(u − l) = u/(2ρ), band radius −slope·l/2.
    const rho = [Math.sqrt(5) / 2, Math.sqrt(2) / 2] as const;
    const slope = rho.map(r => (1 / 2 + r) / (2 * r)) as [number, number];
    const radius = rho.map((r, i) => (slope[i]! * (r - 1 / 2)) / 2) as [number, number];
    const centre = slope.map((s, i) => s / 2 + radius[i]!) as [number, number];
    const [a, b] = [slope[0], -2 * slope[1]];
    const norm = radius[0] + 2 * radius[1] + Math.hypot(a - b, 2 * a + b) / 2;
    const values = boundsBy('exact', 'l2 0.5');
    expect(entries(values, 'bounds.g.lower')[0]).toBeCloseTo(centre[0] - 2 * centre[1] - norm, 12);
    expect(entries(values, 'bounds.g.upper')[0]).toBeCloseTo(centre[0] - 2 * centre[1] + norm, 12);
  });

  it('interval: from [relu(l), relu(u)]', () => {
    // h1 ∈ [0, 2], h2 ∈ [0, 3/2]: f1 ∈ [0 − 3, 2 − 0], f2 ∈ [0, 7/2].
    const values = boundsBy('interval');
    close(values, 'bounds.g.lower', [-3, 0]);
    close(values, 'bounds.g.upper', [2, 7 / 2]);
  });

  it.each(['exact', 'interval'])('margins, %s: tight here, since f1 − f2 = −3·h2 ≥ −9/2', strategy => {
    close(marginsBy(strategy), 'margins', [0, -9 / 2]);
  });
});
