/** What the catalog holds for one code. */
import type { Severity } from '../diagnostic.ts';

export interface CatalogEntry<Arguments> {
  readonly severity: Severity;
  /** One line, without a full stop. */
  readonly title: (values: Arguments) => string;
  /** Words under the place that is pointed at. */
  readonly label?: (values: Arguments) => string;
  /** What to do about it. */
  readonly help?: (values: Arguments) => string;
  /** The long text of `dualc explain CODE`: what the rule is, why, an example. */
  readonly explain: string;
}

/** One entry per code; the interface gives, by code, what the texts are filled with. */
export type Entries<ArgumentsByCode> = {
  readonly [Code in keyof ArgumentsByCode]: CatalogEntry<ArgumentsByCode[Code]>;
};
