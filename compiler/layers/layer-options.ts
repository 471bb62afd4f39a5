/** Options that several words share, as the editor knows them. */

export interface LayerOptions {
  /** Unique in the network; the weights are saved under it. Without it the layer is named after its `const`, or by kind and number. */
  readonly name?: string | undefined;
}

export type PerAxis = number | readonly [height: number, width: number];

/** Sides that are left out are 0. */
export interface Sides {
  readonly top?: number;
  readonly bottom?: number;
  readonly left?: number;
  readonly right?: number;
}

/** A number stands for all four sides. */
export type PaddingOption = 'same' | 'valid' | number | Sides;
