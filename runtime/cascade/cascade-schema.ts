/** Which cascades make sense: of callers, and of files. */
import * as v from 'valibot';
import { nonNegative, oneOf } from '../border/argument-schemas.ts';
import { checkArgument } from '../border/check-argument.ts';
import { InputError } from '../errors.ts';
import { type Cascade, cascadeRules } from './cascade.ts';

export const cascadeSchema: v.GenericSchema<unknown, Cascade> = v.strictObject(
  { rule: oneOf(cascadeRules), thresholds: v.array(nonNegative, 'it needs a list, one for each stage') },
  'it needs an object',
);

/** The cascade with what was left open filled in: the rule `first`, thresholds of 0. Raises `InputError` for one that does not fit as many stages. */
export function checkCascade(given: Partial<Cascade> | undefined, stages: number, where: string): Cascade {
  const said = Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined));
  const filled = { rule: 'first', thresholds: new Array<number>(stages).fill(0), ...said };
  const cascade = checkArgument(cascadeSchema, filled, `${where}: cascade`);
  if (cascade.thresholds.length !== stages) {
    throw new InputError(
      `${where}: the cascade has ${cascade.thresholds.length} thresholds and ${stages} stages: it needs one for each`,
    );
  }
  return cascade;
}
