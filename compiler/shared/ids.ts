/** Names that the stages use to refer to one another's parts. Branded, so that one kind is never passed for another. */
declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** A layer's unique name: given by `name:`, by the `const` it is bound to, or by kind and ordinal. */
export type LayerId = Branded<string, 'LayerId'>;

/** One value of a tensor program; printed as `%7`. */
export type ValueId = Branded<number, 'ValueId'>;

export const layerId = (name: string): LayerId => name as LayerId;
export const valueId = (index: number): ValueId => index as ValueId;
