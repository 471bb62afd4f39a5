/** What a caller says of foreign weights. */
import * as v from 'valibot';
import { oneOf, text, textsByName, wholeNumber } from '../border/argument-schemas.ts';
import { checkArgument } from '../border/check-argument.ts';
import { checkMeta } from '../border/check-model.ts';
import type { ModelMeta } from '../contract.ts';
import { type Layout, layouts } from '../weights/layout.ts';

export interface ImportOptions {
  /** How the file orders its weights. */
  readonly layout: Layout;
  /** Names of the file to names of the network, tensors or layers. */
  readonly map?: Readonly<Record<string, string>> | undefined;
  /** Which state dict of a list, counted from 1. */
  readonly stage?: number | undefined;
}

const schema = v.strictObject(
  {
    layout: oneOf(layouts),
    map: v.optional(textsByName('it needs the name of a parameter or layer for each name in the file')),
    stage: v.optional(wholeNumber(1)),
    name: v.optional(text),
  },
  'it needs an object',
);

/** Raises `InputError` for a network or an option that is none; `call` is the function's name. */
export function checkImportOptions(
  options: ImportOptions,
  meta: ModelMeta,
  call: string,
): ImportOptions & { readonly name?: string | undefined } {
  checkMeta(meta, call);
  return checkArgument(schema, options, `${call}: options`);
}
