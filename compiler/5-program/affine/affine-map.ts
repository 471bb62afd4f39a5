/** The maps that an affine layer gives rise to, each forward on tensors with any leading dimension. */
import type { OutwardMap } from './outward-map.ts';

export type AffineMap =
  /** `W x + b`. */
  | 'affine'
  /** `W x`, for differences and sketches. */
  | 'linear'
  /** `|W| x`, for radii. */
  | 'magnitude'
  /** `(W∘W) x`, for the squared norms of an l2 ball. */
  | 'squared'
  /** The same and never too small where squares underflow. */
  | 'outwardSquared'
  /** Sizes in float32. */
  | OutwardMap;
