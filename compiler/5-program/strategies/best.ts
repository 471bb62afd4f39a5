/**
 * The better of several bounds, entry by entry. Each holds by itself, so the larger of the lower ones holds, and the smaller of the upper
 * ones; rounding is part of each already, and a comparison rounds nothing.
 */
import { found } from '../../shared/assert.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';

export const betterOf = (b: ProgramBuilder, kind: 'maximum' | 'minimum', values: readonly ValueId[]): ValueId =>
  values.slice(1).reduce((best, value) => b.binary(kind, best, value), found(values[0], 'a bound'));
