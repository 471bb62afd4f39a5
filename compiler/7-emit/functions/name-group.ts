/** Names of what a function computes, reads and returns, from the words of the instructions that it stands for. */
import type { Instr } from '../../5-program/tensor-program.ts';
import { found } from '../../shared/assert.ts';
import type { Expression } from '../../shared/expression.ts';
import { valueId } from '../../shared/ids.ts';
import { wantedName } from '../name-values.ts';
import { safeIdentifier } from '../safe-identifier.ts';
import type { Code } from '../safe-text.ts';
import { boundedIn } from '../section-names.ts';
import { genericName } from './generic-name.ts';
import type { Group } from './group-units.ts';
import { marked } from './unit.ts';

export interface GroupWords {
  /** What the function is about: a section, or the name of a part. */
  readonly title: string;
  readonly wantedLocal: (local: number) => Code;
  /** Of what a call of a part returns. */
  readonly recordOf: (local: number) => Code;
  readonly wantedField: (result: number) => Code;
  readonly wantedSlot: (slot: number) => Code;
  /** Of the windows behind a layer, from how its geometry is written. */
  readonly wantedWindows: (geometry: Expression) => Code;
  /** The layer that a local value comes from, as the comment above it says; null without one. */
  readonly placeOf: (local: number) => { readonly layer: string; readonly instr: Instr | null } | null;
}

/** `layers` are the network's layers, each with what it is applied to; `outputNameOf` names the outputs of each program by value. */
export function wordsOfGroup(
  { members, match }: Group,
  layers: ReadonlyMap<string, readonly string[]>,
  outputNameOf: (program: string, instr: Instr) => string | null,
): GroupWords {
  const title = genericName(
    members.map(({ name }) => name),
    'layer',
  );
  const instrsAt = (local: number): Instr[] => members.map(({ locals }) => found(locals[local], 'a local value'));
  const nameOf = (instrs: readonly Instr[], programs: readonly string[]): Code => {
    const outputs = instrs.map((instr, index) => outputNameOf(found(programs[index], 'a program'), instr));
    if (outputs.every(output => output !== null)) return safeIdentifier(genericName(outputs, 'gradient'));
    const [of] = instrs;
    if (of !== undefined && instrs.every(isOfBounded)) return safeIdentifier(of.origin.role);
    const named = instrs.map(({ origin }) => origin.layer);
    const layer = named.every(each => each !== null) ? genericName(named, 'layer') : null;
    const role = genericName(
      instrs.map(({ origin }) => origin.role),
      'value',
    );
    const first = instrs.map(({ origin }) => origin.role.split(' ')[0] ?? '');
    const [word = ''] = role.split(' ');
    const areLayers = first.every(each => layers.has(each));
    const isLayer = (name: string): boolean => layers.has(name) || (areLayers && name === word);
    return wantedName(role, layer, title, isLayer);
  };
  const programs = members.map(({ program }) => program);
  /** Where a section bounds the input of its nonlinearity, that input's values need no name of a layer. */
  const isOfBounded = ({ origin }: Instr, index: number): boolean => {
    const bounded = boundedIn(members[index]?.name ?? '');
    return ownRoles.has(origin.role) && origin.layer !== null && layers.get(bounded)?.includes(origin.layer) === true;
  };
  return {
    title,
    wantedLocal: local => nameOf(instrsAt(local), programs),
    recordOf(local) {
      const part = genericName(
        instrsAt(local).map(({ origin }) => origin.role),
        'part',
      );
      return safeIdentifier(recordWords(part));
    },
    wantedField(result) {
      const local = found(members[0]?.results[result], 'a result');
      return nameOf(instrsAt(local), programs);
    },
    wantedSlot(slot) {
      const { type, word, values } = found(match.slots[slot], 'a slot');
      if (type === 'geometry')
        return safeIdentifier(`${genericName(values.flatMap(layerOfGeometry), 'layer')} geometry`);
      if (type !== 'tensor') return safeIdentifier(word === '' ? 'number' : word);
      const texts = values.flatMap(value =>
        value.kind === 'entry' && value.key.kind === 'text' ? value.key.value : [],
      );
      if (texts.length === values.length) return safeIdentifier(genericName(texts, 'weight'));
      const instrs = values.flatMap((value, member) => {
        const id = value.kind === 'name' ? marked('%', value.name) : null;
        return (id === null ? undefined : members[member]?.definitions.get(valueId(id))) ?? [];
      });
      return instrs.length === values.length ? nameOf(instrs, programs) : safeIdentifier('value');
    },
    wantedWindows(geometry) {
      const slot = geometry.kind === 'name' ? marked('~', geometry.name) : null;
      const values = slot === null ? [geometry] : found(match.slots[slot], 'a slot').values;
      return safeIdentifier(`behind ${genericName(values.flatMap(layerOfGeometry), 'layer')}`);
    },
    placeOf(local) {
      const instrs = instrsAt(local);
      const named = instrs.flatMap(({ origin }) => origin.layer ?? []);
      const [first] = instrs;
      if (first === undefined || named.length < instrs.length) return null;
      // Of a part that is about one layer nothing needs to be said.
      const isOwn = members.every(({ kind, name }, index) => kind === 'part' && layerOfPart(name) === named[index]);
      if (isOwn && members.length > 1) return null;
      const layer = genericName(named, 'layers');
      return { layer, instr: new Set(named).size === 1 ? first : null };
    },
  };
}

export const layerOfGeometry = (value: Expression): string[] =>
  value.kind === 'entry' && value.key.kind === 'text' ? [value.key.value] : [];

/** `gradient of back from relu1` → `relu1`, whatever the layer is called. */
const layerOfPart = (part: string): string =>
  part.replace(/^(gradient of )*(back( on windows)? from|forward to|\w+( and \w+)* of) /, '');

const ownRoles: ReadonlySet<string> = new Set(['centre', 'sketch']);

/** `band of relu1` → `band`; `gradient of back from relu1` → `gradient behind relu1`. */
const recordWords = (part: string): string =>
  part
    // `bounds` is what the module exports.
    .replace(/\bbounds of /, 'range of ')
    .replace(/^gradient of (\w+) of .*$/, '$1 gradient')
    .replace(/^(gradient of )?forward to /, '$1up to ')
    .replace(/back( on windows)? from /, 'behind ')
    .replace(/^gradient of behind/, 'gradient behind')
    .replace(/^(\w+) of .*$/, '$1');
