/**
 * Which values of a program live where once it is split into functions: a section of the program becomes one function,
 * what later sections or the outputs need is returned from it, all else is local.
 */

import { isSource } from '../5-program/op-table.ts';
import { operandsOf } from '../5-program/operands.ts';
import type { Instr, TensorProgram } from '../5-program/tensor-program.ts';
import { addTo } from '../shared/add-to.ts';
import { invariant } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';

export interface Section {
  readonly name: string;
  readonly body: readonly Instr[];
  /** Values that later sections or the program's outputs read, in order of definition. */
  readonly exports: readonly ValueId[];
  /** Values of earlier sections that this one reads. */
  readonly imports: readonly ValueId[];
}

export interface SplitProgram {
  /** Inputs, parameters, constants: printed where they are used. */
  readonly sources: readonly Instr[];
  readonly sections: readonly Section[];
  readonly sectionOf: ReadonlyMap<ValueId, string>;
}

const none: ReadonlySet<ValueId> = new Set();

/** `alsoExported` are values that functions return although nothing here reads them: others that are alike return them. */
export function splitProgram(program: TensorProgram, alsoExported: ReadonlySet<ValueId> = none): SplitProgram {
  const sources = program.body.filter(instr => isSource(instr.op));
  const sourceIds = new Set(sources.map(instr => instr.out));
  const bodies = new Map<string, Instr[]>();
  const sectionOf = new Map<ValueId, string>();
  let current = '';
  for (const instr of program.body) {
    if (sourceIds.has(instr.out)) continue;
    const { section } = instr.origin;
    const body = bodies.get(section);
    invariant(section === current || body === undefined, `section ${section} of ${program.name} is not contiguous`);
    current = section;
    addTo(bodies, section, instr);
    sectionOf.set(instr.out, section);
  }
  const importsOf = (name: string, body: readonly Instr[]): ValueId[] => [
    ...new Set(
      body
        .flatMap(operandsOf)
        .filter(value => !sourceIds.has(value) && sectionOf.has(value) && sectionOf.get(value) !== name),
    ),
  ];
  const imports = new Map([...bodies].map(([name, body]) => [name, importsOf(name, body)]));
  const needed = new Set([...[...imports.values()].flat(), ...Object.values(program.outputs), ...alsoExported]);
  const sections = [...bodies].map(([name, body]): Section => {
    const exports = body.map(instr => instr.out).filter(value => needed.has(value));
    return { name, body, exports, imports: imports.get(name) ?? [] };
  });
  return { sources, sections, sectionOf };
}
