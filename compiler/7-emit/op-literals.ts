/** Operations as they are printed: the texts by which users named things are literals already. */
import type { Op, OpKind, OpOf } from '../5-program/tensor-program.ts';
import { type Code, quoted } from './safe-text.ts';

/** Fields that may hold any string; one of a few words is no text. */
type TextField<Operation> = {
  [Field in keyof Operation]: string extends Operation[Field] ? Field : never;
}[keyof Operation];

type KindWithText = { [Kind in OpKind]: TextField<OpOf<Kind>> extends never ? never : Kind }[OpKind];

export type WithLiterals<Operation> = {
  readonly [Field in keyof Operation]: string extends Operation[Field] ? Code : Operation[Field];
};

/** An operation with a text that is not listed is a type error. */
const textFields: { readonly [Kind in KindWithText]: TextField<OpOf<Kind>> } = { param: 'name', noise: 'stream' };

export function withLiterals(op: Op): WithLiterals<Op> {
  const field = new Map<string, string>(Object.entries(textFields)).get(op.kind);
  if (field === undefined) return op as WithLiterals<Op>;
  return { ...op, [field]: quoted(String(op[field as keyof Op])) } as WithLiterals<Op>;
}
