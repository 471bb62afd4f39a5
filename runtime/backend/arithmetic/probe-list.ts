/** All probes, in the order in which they run and are reported. */
import { bitsKept } from './bits-kept.ts';
import { division } from './division.ts';
import { exactOperations } from './exact-operations.ts';
import { flushToZero } from './flush-to-zero.ts';
import { fusedProducts } from './fused-products.ts';
import { geometryProbes } from './geometry.ts';
import { lostNan } from './lost-nan.ts';
import { oneRounding } from './one-rounding.ts';
import { poison } from './poison.ts';
import type { Probe } from './probe.ts';
import { shortAccumulators } from './short-accumulators.ts';
import { shortProducts } from './short-products.ts';
import { specialValues } from './special-values.ts';
import { sumsOfProducts } from './sums-of-products.ts';
import { transformedProducts } from './transformed-products.ts';

export const probes: readonly Probe[] = [
  ...geometryProbes,
  bitsKept,
  exactOperations,
  oneRounding,
  division,
  flushToZero,
  sumsOfProducts,
  shortProducts,
  shortAccumulators,
  fusedProducts,
  transformedProducts,
  specialValues,
  poison,
  lostNan,
];
