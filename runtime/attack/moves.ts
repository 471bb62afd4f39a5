/** How an attack moves about in a ball. */
import type { RandomKey } from '../contract.ts';
import { normal, uniform } from '../random/draws.ts';
import { foldIn } from '../random/random-key.ts';
import type { Search } from './attack-options.ts';
import { project } from './ball.ts';

/** A random point of the ball: uniform for ℓ∞; for ℓ2 in a uniform direction, at a uniform share of the radius. */
export function perturb(point: Float32Array, centre: Float32Array, key: RandomKey, search: Search): void {
  const { norm, epsilon } = search;
  if (norm === 'linf') {
    uniform(key, point.length).forEach((share, i) => {
      point[i]! += epsilon * (2 * share - 1);
    });
  } else {
    const direction = normal(foldIn(key, 'direction'), point.length);
    const length = epsilon * uniform(foldIn(key, 'length'), 1)[0]!;
    add(point, direction, length / Math.max(lengthOf(direction), Number.MIN_VALUE));
  }
  project(point, centre, search);
}

/** One step up a gradient. */
export function climb(point: Float32Array, gradient: Float32Array, { norm, stepSize }: Search): void {
  if (norm === 'linf') add(point, gradient.map(Math.sign), stepSize);
  else add(point, gradient, stepSize / Math.max(lengthOf(gradient), 1e-30));
}

function add(point: Float32Array, direction: Float32Array, factor: number): void {
  for (let i = 0; i < point.length; i++) {
    const change = factor * direction[i]!;
    if (Number.isFinite(change)) point[i]! += change;
  }
}

function lengthOf(vector: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i]! ** 2;
  return Math.sqrt(sum);
}
