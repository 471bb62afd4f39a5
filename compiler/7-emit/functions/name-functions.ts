/** Names of the functions of a module, of the records that they return, and of the fields of these. */
import type { Instr } from '../../5-program/tensor-program.ts';
import { found } from '../../shared/assert.ts';
import { capitalizedName, safeIdentifier, unused } from '../safe-identifier.ts';
import { type Code, code } from '../safe-text.ts';
import { moduleNames, nameSections, type SectionNames } from '../section-names.ts';
import type { ProgramInput } from './build-functions.ts';
import type { Group } from './group-units.ts';
import { type GroupWords, wordsOfGroup } from './name-group.ts';

export interface FunctionNames {
  readonly name: Code;
  readonly typeName: Code;
  readonly fields: readonly Code[];
  readonly words: GroupWords;
}

export interface ModuleNames {
  readonly ofPart: (group: number) => FunctionNames;
  readonly ofSection: (group: number) => FunctionNames;
  readonly recordOf: (program: string, section: string) => Code;
  readonly sectionOfRecord: (program: string, record: string) => string | null;
  /** Names that no local value may have. */
  readonly reserved: ReadonlySet<string>;
}

interface NamingContext {
  readonly programs: readonly ProgramInput[];
  readonly layers: ReadonlyMap<string, readonly string[]>;
  readonly taken: Set<string>;
  readonly outputNameOf: (program: string, instr: Instr) => string | null;
}

export function nameFunctions(
  parts: readonly Group[],
  sections: readonly Group[],
  { programs, layers, taken, outputNameOf }: NamingContext,
): ModuleNames {
  const words = (group: Group): GroupWords => wordsOfGroup(group, layers, outputNameOf);
  const fieldsOf = (group: Group, its: GroupWords, short: boolean): Code[] => {
    const wanted = (found(group.members[0], 'a member').results ?? []).map((_, result) => its.wantedField(result));
    const shortened = wanted.map(field => shortField(field));
    const fields = new Set<string>();
    return wanted.map((field, index) => {
      const brief = found(shortened[index], 'a field');
      const isClear = short && shortened.filter(other => other === brief).length === 1;
      return unused(isClear ? brief : field, fields);
    });
  };
  const programOf = ({ members }: Group): ProgramInput => {
    const { program } = found(members[0], 'a member');
    return found(
      programs.find(each => each.program.name === program),
      program,
    );
  };
  /** None for what several programs call. */
  const prefixOf = (group: Group): Code =>
    new Set(group.members.map(({ program }) => program)).size > 1 ? code`` : programOf(group).prefix;
  const partNames = parts.map((group): FunctionNames => {
    const its = words(group);
    const prefix = prefixOf(group);
    const [first] = group.members;
    const general = safeIdentifier(its.title);
    // Where another function is called so: with the program, or by the first of those that it stands for.
    const prefixed = prefix === '' ? general : code`${prefix}${capitalizedName(general)}`;
    const plain = [general, prefixed].find(each => !taken.has(each)) ?? safeIdentifier(first?.name ?? its.title);
    const own = unused(plain, taken);
    return { name: own, typeName: capitalizedName(own), fields: fieldsOf(group, its, true), words: its };
  });
  const sectionNames = sections.map((group): FunctionNames => {
    const its = words(group);
    const prefix = prefixOf(group);
    const wanted = nameSections([its.title], prefix, new Set()).get(its.title);
    const own = unused(found(wanted, its.title).function, taken);
    return { name: own, typeName: capitalizedName(own), fields: fieldsOf(group, its, false), words: its };
  });
  const records = new Map<string, Map<string, Code>>();
  for (const { program, plan } of programs) {
    const names = nameSections(
      plan.split.sections.map(section => section.name),
      code``,
      new Set([...taken, ...moduleNames]),
    );
    records.set(
      program.name,
      new Map([...names].map(([section, its]: [string, SectionNames]) => [section, its.record])),
    );
  }
  const sectionsByRecord = new Map(
    [...records].map(([program, its]) => [
      program,
      new Map<string, string>([...its].map(([section, record]) => [record, section])),
    ]),
  );
  return {
    ofPart: group => found(partNames[group], 'a part'),
    ofSection: group => found(sectionNames[group], 'a section'),
    recordOf: (program, section) => found(records.get(program)?.get(section), `record of ${section}`),
    sectionOfRecord(program, record) {
      return sectionsByRecord.get(program)?.get(record) ?? null;
    },
    reserved: new Set([...moduleNames, ...taken]),
  };
}

/** What a part returns is known by the part: its dual, its norm. */
const shortField = (field: Code): Code => {
  const [, kind] = /^(dual|norm)(Of|From)[A-Z]/.exec(field) ?? [];
  return kind === undefined ? field : safeIdentifier(kind);
};
