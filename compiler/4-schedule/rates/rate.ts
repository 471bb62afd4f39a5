/** How long operations take, by family: what predicted times are made of. */

/** Nanoseconds. */
export interface Rate {
  /** For one operation, whatever its size. */
  readonly perDispatch: number;
  readonly perMultiplyAdd: number;
  /** For each number that is gone through: the column `effort` of the table of operations. */
  readonly perEntry: number;
}

/** The families of the column `family` of the table of operations; `free` ones only look at a tensor in another way, if that. */
export type TimedFamily =
  | 'free'
  | 'elementwise'
  | 'reduction'
  | 'copy'
  | 'broadcast'
  | 'gather'
  | 'rows'
  | 'matMul'
  | 'conv2d'
  | 'transposedConv2d'
  | 'normsOfMaps'
  | 'normsOfSlopeMaps'
  | 'kernelGradient'
  | 'estimate'
  | 'draw'
  | 'loop';

export type Rates = { readonly [Family in TimedFamily]: Rate };

/** What predicted times were made of: whatever is printed of them says so. */
export interface NamedRates {
  /** As `--rates` asks for them. */
  readonly name: string;
  /** What they were measured on: `one thread of WebAssembly`. */
  readonly about: string;
  readonly rates: Rates;
}

/** What an operation does. */
export interface Work {
  readonly multiplyAdds: number;
  readonly entries: number;
}

export const nanosecondsOf = (
  { perDispatch, perMultiplyAdd, perEntry }: Rate,
  { multiplyAdds, entries }: Work,
): number => perDispatch + perMultiplyAdd * multiplyAdds + perEntry * entries;
