/** What bodies of programs have in common: the same steps, with other values and other numbers. */
import { isSource } from '../5-program/op-table.ts';
import { blockOf, freeValues } from '../5-program/operands.ts';
import type { Instr, Op, TensorProgram } from '../5-program/tensor-program.ts';
import type { ValueId } from '../shared/ids.ts';

export interface Steps {
  readonly instrs: readonly Instr[];
  readonly results: readonly ValueId[];
}

export const outlinedIn = (body: readonly Instr[]): Instr[] =>
  body.flatMap(instr => (instr.op.kind === 'outlined' ? [instr] : outlinedIn(blockOf(instr.op)?.body ?? [])));

export function definitionsOf(program: TensorProgram): ReadonlyMap<ValueId, Instr> {
  const definitions = new Map<ValueId, Instr>();
  const note = (body: readonly Instr[]): void => {
    for (const instr of body) {
      definitions.set(instr.out, instr);
      note(blockOf(instr.op)?.body ?? []);
    }
  };
  note(program.body);
  return definitions;
}

/** A text that two bodies share when they differ in numbers, names and values from outside only. */
export function structureOf({ instrs, results }: Steps, definitions: ReadonlyMap<ValueId, Instr>): string {
  const places = new Map<ValueId, number>();
  const placeOf = (value: ValueId): string => {
    const instr = definitions.get(value);
    if (instr !== undefined && isSource(instr.op)) return instr.op.kind;
    const place = places.get(value) ?? places.size;
    places.set(value, place);
    return String(place);
  };
  const visit = (body: readonly Instr[]): string =>
    body
      .map(({ op, args, out }) => {
        const block = blockOf(op);
        const inner =
          block === null
            ? ''
            : op.kind === 'outlined'
              ? `{${freeValues(block).map(placeOf)} ${block.body.map(step => step.op.kind)}}`
              : `{${visit(block.body)} ${block.results.map(placeOf)}}`;
        return `${attributesOf(op)}(${args.map(placeOf)})${inner}=${placeOf(out)}`;
      })
      .join(';');
  return `${visit(instrs)} -> ${results.map(placeOf)}`;
}

/** Without numbers, and without texts of users. */
function attributesOf(op: Op): string {
  const known = attributes.get(op);
  if (known !== undefined) return known;
  const others = Object.entries(op).filter(([name]) => !['block', 'consumed', 'lent', 'stream'].includes(name));
  const text = JSON.stringify(others, (_key, value: unknown) => (typeof value === 'number' ? 0 : value)).replaceAll(
    /\d+b/g,
    'b',
  );
  attributes.set(op, text);
  return text;
}

/** Operations never change. */
const attributes = new WeakMap<Op, string>();
