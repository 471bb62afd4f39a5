/**
 * What becomes the body of a function: a section of a program, or an outlined part of one. As a tree it knows no names yet:
 *
 *     $3    the local value with the number 3; in a comment, its shape, or the layer and line it comes from
 *     %17   a value from outside
 *     @5    the function with the number 5, in a call
 *     #1    the field of its result that holds its result 1
 */
import type { Instr } from '../../5-program/tensor-program.ts';
import type { Expression, Statement } from '../../shared/expression.ts';
import type { ValueId } from '../../shared/ids.ts';

export interface UnitTree {
  readonly program: string;
  /** Of a section its name, of an outlined part the name of the part. */
  readonly name: string;
  readonly kind: 'section' | 'part';
  readonly body: readonly Statement[];
  /** The instructions behind the local values, by their numbers. */
  readonly locals: readonly Instr[];
  /** The local values that are returned, in order. */
  readonly results: readonly number[];
  /** How they are written. */
  readonly returned: readonly Expression[];
  readonly definitions: ReadonlyMap<ValueId, Instr>;
}

export const localName = (index: number): string => `$${index}`;
export const outsideName = (value: ValueId): string => `%${value}`;
export const groupName = (group: number): string => `@${group}`;
export const fieldName = (result: number): string => `#${result}`;

/** The number behind a mark, or null. */
export const marked = (mark: '$' | '%' | '@' | '#' | '~', name: string): number | null =>
  name.startsWith(mark) ? Number(name.slice(1)) : null;
