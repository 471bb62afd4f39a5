/** The passes of every program, in order, each with the reason for its place. `gradient` runs before them where it is asked for. */
import { cse } from './cse.ts';
import { deadCode } from './dead-code.ts';
import { elideCopies } from './elide-copies.ts';
import { foldConstants } from './fold-constants.ts';
import { hoistInvariants } from './hoist-invariants.ts';
import { kernelRows } from './kernel-rows.ts';
import { normsOfMaps } from './norms-of-maps.ts';
import { normsOfSlopeMaps } from './norms-of-slope-maps.ts';
import type { Pass } from './pass.ts';

export const passList: readonly Pass[] = [
  // The gradient starts from the number 1 and multiplies by it: those products go first.
  foldConstants,
  // Before `cse`, so that values which differed by a copy become equal.
  elideCopies,
  // Before `hoist-invariants`: a view is moved more cheaply than what made it.
  kernelRows,
  // Before `cse`: what leaves a loop may equal what stands before it.
  hoistInvariants,
  // Before `dead-code`: what was joined leaves its other copies unused.
  cse,
  deadCode,
  // After `dead-code`: a reader that nothing needs is none.
  normsOfMaps,
  // After `norms-of-maps`: it joins what that one has made.
  normsOfSlopeMaps,
];
