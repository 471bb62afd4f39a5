/**
 * The parameters of a function, from what its slots hold wherever it is called: values of one record, read under the same names at every call,
 * are one parameter, the record.
 */
import { found } from '../../shared/assert.ts';
import { type Expression, member, name } from '../../shared/expression.ts';
import { type Code, code, joined, quoted } from '../safe-text.ts';
import type { DerivedSlots } from './derived-slots.ts';
import type { Slot } from './match-trees.ts';

/** What the slots hold at one call, and of what type the records are that the caller knows. */
export interface CallSite {
  readonly program: string;
  readonly args: readonly Expression[];
  readonly typeOf: (record: Expression) => Code | null;
}

export interface SlotParameter {
  readonly name: Code;
  readonly type: Code;
  /** The slot whose value it is, or one of those that it holds. */
  readonly slot: number;
  readonly isRecord: boolean;
}

export interface Parameters {
  readonly list: readonly SlotParameter[];
  /** How the function's body reads each slot. */
  readonly reads: readonly Expression[];
  /** What stands in a call, from what the slots hold there. */
  readonly argumentsAt: (args: readonly Expression[]) => Expression[];
}

export interface ParameterNames {
  readonly ofSlot: (slot: number) => Code;
  readonly ofRecord: (records: readonly string[]) => Code;
}

/** `derived` says of slots how they follow from others. */
export function parametersFor(
  slots: readonly Slot[],
  sites: readonly CallSite[],
  derived: DerivedSlots,
  names: ParameterNames,
): Parameters {
  const records = recordsOf(slots, sites);
  const list: SlotParameter[] = [];
  const reads: Expression[] = [];
  const seen = new Map<string, Code>();
  for (const [slot, { type, word }] of slots.entries()) {
    const follows = derived.reads.get(slot);
    if (follows !== undefined) {
      reads.push(follows);
      continue;
    }
    const everywhere = knownEverywhere(slot, sites);
    if (everywhere !== null) {
      reads.push(everywhere);
      continue;
    }
    const record = records.get(slot);
    if (record === undefined) {
      const own = names.ofSlot(slot);
      list.push({ name: own, type: typeOfSlot(type, word), slot, isRecord: false });
      reads.push(name(own));
      continue;
    }
    let own = seen.get(record.key);
    if (own === undefined) {
      own = names.ofRecord(record.objects.map(recordName));
      seen.set(record.key, own);
      list.push({ name: own, type: typeOfRecord(record, sites), slot, isRecord: true });
    }
    reads.push(member(name(own), record.field));
  }
  return {
    list,
    reads,
    argumentsAt: args =>
      list.map(({ slot, isRecord }) => {
        const arg = found(args[slot], 'an argument');
        return isRecord && arg.kind === 'member' ? arg.object : arg;
      }),
  };
}

/** What the program has computed before, and all calls hand over: the function reads it itself. */
function knownEverywhere(slot: number, sites: readonly CallSite[]): Expression | null {
  const [first, ...others] = sites.map(({ program, args }) => ({ program, arg: found(args[slot], 'an argument') }));
  if (first === undefined || recordRead(first.arg)?.isKnown !== true) return null;
  const text = JSON.stringify(first);
  return others.every(other => JSON.stringify(other) === text) ? first.arg : null;
}

interface SharedRecord {
  readonly key: string;
  /** At each call. */
  readonly objects: readonly Expression[];
  readonly field: string;
  /** All fields that are read of it. */
  readonly fields: readonly string[];
}

/** For each slot the record that it is read from at every call, where that holds two or more of them. */
function recordsOf(slots: readonly Slot[], sites: readonly CallSite[]): Map<number, SharedRecord> {
  const groups = new Map<string, { readonly objects: Expression[]; readonly fields: Map<number, string> }>();
  for (const slot of slots.keys()) {
    const reads = sites.map(({ args }) => recordRead(found(args[slot], 'an argument')));
    const [first] = reads;
    if (first === undefined || first === null) continue;
    if (reads.some(read => read === null || read.field !== first.field)) continue;
    const objects = reads.flatMap(read => read?.object ?? []);
    const key = JSON.stringify(objects);
    const group = groups.get(key) ?? { objects, fields: new Map<number, string>() };
    group.fields.set(slot, first.field);
    groups.set(key, group);
  }
  return new Map(
    [...groups].flatMap(([key, { objects, fields }]) => {
      const names = [...fields.values()];
      return names.length < 2
        ? []
        : [...fields].map(([slot, field]) => [slot, { key, objects, field, fields: names }] as const);
    }),
  );
}

interface RecordRead {
  readonly object: Expression;
  readonly field: string;
  readonly isKnown: boolean;
}

function recordRead(arg: Expression): RecordRead | null {
  if (arg.kind !== 'member') return null;
  const { object, name: field } = arg;
  const isKnown = object.kind === 'member' && object.object.kind === 'given' && object.object.name === 'r';
  return isKnown || object.kind === 'name' ? { object, field, isKnown } : null;
}

/** What a record is called: `relu1`, also where it is `r.relu1`. */
const recordName = (record: Expression): string =>
  record.kind === 'name' || record.kind === 'member' ? record.name : 'record';

function typeOfRecord({ objects, fields }: SharedRecord, sites: readonly CallSite[]): Code {
  const types = new Set(sites.map(({ typeOf }, index) => typeOf(found(objects[index], 'a record'))));
  const [only, ...others] = types;
  if (only !== undefined && only !== null && others.length === 0) return only;
  return code`Readonly<Record<${joined(fields.map(quoted), ' | ')}, tf.Tensor>>`;
}

function typeOfSlot(type: Slot['type'], word: string): Code {
  switch (type) {
    case 'tensor':
      return code`tf.Tensor`;
    case 'number':
      return code`number`;
    case 'text':
      return code`string`;
    case 'geometry':
      return code`LayerGeometry`;
    case 'windows':
      return code`WindowsOfMap`;
    case 'numbers':
      return word === 'padding' ? code`readonly [number, number, number, number]` : code`readonly [number, number]`;
  }
}
