/** How the attributes of a kind are written in the text form of the graph. */
import type { AttributeForm } from '../layers/definition.ts';
import { definitionOf } from '../layers/registry.ts';

const plain: AttributeForm<unknown> = { print: value => value as number, parse: written => written };

/** In the order in which they are printed. */
export function attributeForms(kind: string): readonly (readonly [name: string, form: AttributeForm<unknown>])[] {
  const forms: Readonly<Record<string, 'plain' | AttributeForm<unknown>>> = definitionOf(kind).attributes;
  return Object.entries(forms).map(([name, form]) => [name, form === 'plain' ? plain : form]);
}
