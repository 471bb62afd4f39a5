/**
 * Values that a section returns and another one reads last: their function frees them itself, as soon as it can, where that is so for all
 * sections that become the same function.
 */
import type { TensorProgram } from '../5-program/tensor-program.ts';
import { addTo } from '../shared/add-to.ts';
import { found } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import type { FreedInside } from './outline.ts';
import { type Section, splitProgram } from './scopes.ts';
import { definitionsOf, structureOf } from './structure.ts';

interface Reading {
  readonly program: number;
  readonly section: string;
  readonly key: string;
  /** Values from other sections, in the order in which they are read; those that nothing reads later. */
  readonly imports: readonly ValueId[];
  readonly last: ReadonlySet<ValueId>;
}

/** By program; `exported` are values that sections return for others. */
export function freedInside(
  programs: readonly TensorProgram[],
  exported: readonly ReadonlySet<ValueId>[],
): readonly FreedInside[] {
  const readings = programs.flatMap((program, index) => readingsOf(program, index, found(exported[index], 'exports')));
  const alike = new Map<string, Reading[]>();
  for (const reading of readings) addTo(alike, reading.key, reading);
  const freed = programs.map(() => new Map<string, ReadonlySet<ValueId>>());
  for (const members of alike.values()) {
    const [first] = members;
    const isFreed = (first?.imports ?? []).map((_, place) =>
      members.every(({ imports, last }) => last.has(found(imports[place], 'an import'))),
    );
    for (const { program, section, imports } of members)
      found(freed[program], 'a program').set(section, new Set(imports.filter((_, place) => isFreed[place])));
  }
  return freed;
}

function readingsOf(program: TensorProgram, index: number, exported: ReadonlySet<ValueId>): Reading[] {
  const definitions = definitionsOf(program);
  const { sections } = splitProgram(program, exported);
  const outputs = new Set(Object.values(program.outputs));
  const lastReader = new Map<ValueId, Section>();
  for (const section of sections) for (const value of section.imports) lastReader.set(value, section);
  return sections.map(section => ({
    program: index,
    section: section.name,
    key: structureOf({ instrs: section.body, results: section.exports }, definitions),
    imports: section.imports,
    last: new Set(section.imports.filter(value => lastReader.get(value) === section && !outputs.has(value))),
  }));
}
