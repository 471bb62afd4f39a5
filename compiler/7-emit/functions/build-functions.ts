/** The programs of a module → its functions, each printed once, and the calls that run each program in order. */
import { isSource } from '../../5-program/op-table.ts';
import { blockOf } from '../../5-program/operands.ts';
import type { TensorProgram } from '../../5-program/tensor-program.ts';
import type { Liveness } from '../../6-passes/liveness.ts';
import { definitionsOf, outlinedIn } from '../../6-passes/structure.ts';
import { found } from '../../shared/assert.ts';
import { type Expression, given, member, name } from '../../shared/expression.ts';
import { type ValueId, valueId } from '../../shared/ids.ts';
import { keepsKnown } from '../known-values.ts';
import type { Code } from '../safe-text.ts';
import { givens } from '../section-names.ts';
import { type FinishedFunction, finishFunctions } from './finish-functions.ts';
import { groupUnits } from './group-units.ts';
import type { Geometries } from './layer-geometry.ts';
import { mapExpression } from './map-tree.ts';
import { nameFunctions } from './name-functions.ts';
import { printUnit } from './print-unit.ts';
import { marked, type UnitTree } from './unit.ts';

/** One program as it is emitted, in the order of the module. */
export interface ProgramInput {
  readonly program: TensorProgram;
  readonly plan: Liveness;
  /** Of the names of its functions. */
  readonly prefix: Code;
}

export interface ModuleFunctions {
  /** By program, those that no earlier program calls. */
  readonly functionsOf: (program: string) => readonly FinishedFunction[];
  readonly callOf: (program: string, section: string) => SectionCall;
  readonly nameOf: (program: string, section: string) => Code;
  /** The record of a program's section that holds a value, and its field there. */
  readonly placeOf: (program: string, value: ValueId) => Expression;
}

export interface SectionCall {
  readonly record: Code;
  readonly callee: Code;
  readonly args: readonly Expression[];
  readonly given: FinishedFunction['given'];
}

interface ModuleOptions {
  readonly layers: ReadonlyMap<string, readonly string[]>;
  readonly taken: Set<string>;
  readonly types: boolean;
  readonly geometries: Geometries;
  readonly source: string;
}

export function buildFunctions(programs: readonly ProgramInput[], options: ModuleOptions): ModuleFunctions {
  const { geometries } = options;
  const definitions = new Map(programs.map(({ program }) => [program.name, definitionsOf(program)]));
  const definitionsIn = (program: string) => found(definitions.get(program), program);

  const partUnits = new Map<string, UnitTree>();
  for (const { program, plan } of programs)
    for (const instr of outlinedIn(program.body)) {
      const unit = printUnit(
        {
          program: program.name,
          name: instr.origin.role,
          kind: 'part',
          statements: found(plan.blockStatements.get(instr.out), 'the statements of a part'),
          results: blockOf(instr.op)?.results ?? [],
        },
        { plan, definitions: definitionsIn(program.name), geometries, callOf: noCalls },
      );
      partUnits.set(keyOf(program.name, instr.out), unit);
    }
  const parts = groupUnits([...partUnits.values()], noWords);

  const sectionUnits = programs.flatMap(({ program, plan }) =>
    plan.split.sections.map(section =>
      printUnit(
        {
          program: program.name,
          name: section.name,
          kind: 'section',
          statements: found(plan.sectionStatements.get(section.name), section.name),
          results: section.exports,
        },
        {
          plan,
          definitions: definitionsIn(program.name),
          geometries,
          callOf(outlined) {
            const { group, member: place } = parts.placeOf(
              found(partUnits.get(keyOf(program.name, outlined)), 'the unit of a part'),
            );
            const slots = found(parts.groups[group], 'a group').match.slots;
            return { group, args: slots.map(({ values }) => found(values[place], 'an argument')) };
          },
        },
      ),
    ),
  );
  const sections = groupUnits(sectionUnits, group =>
    found(parts.groups[group], 'a group').match.slots.map(({ word }) => word),
  );

  const unitOf = new Map(sectionUnits.map(unit => [keyOf(unit.program, unit.name), unit]));
  const groupOf = (program: string, section: string) =>
    sections.placeOf(found(unitOf.get(keyOf(program, section)), `${section} of ${program}`));
  const outputNames = new Map(programs.map(({ program }) => [program.name, outputNamesOf(program)]));
  const names = nameFunctions(parts.groups, sections.groups, {
    programs,
    layers: options.layers,
    taken: options.taken,
    outputNameOf: (program, { out }) => outputNames.get(program)?.get(out) ?? null,
  });

  const homes = new Map(
    programs.map(({ program, plan }) => [
      program.name,
      new Map(
        plan.split.sections.flatMap(section => section.exports.map((value, index) => [value, { section, index }])),
      ),
    ]),
  );
  const placeOf = (program: string, value: ValueId): Expression => {
    const { section, index } = found(homes.get(program)?.get(value), `home of %${value}`);
    const { group } = groupOf(program, section.name);
    const record = names.recordOf(program, section.name);
    return member(
      keepsKnown(plan(program)) ? member(given('r'), record) : name(record),
      found(names.ofSection(group).fields[index], `field of %${value}`),
    );
  };
  const argsOf = (unit: UnitTree): readonly Expression[] => {
    const { group, member: place } = sections.placeOf(unit);
    return found(sections.groups[group], 'a group').match.slots.map(({ values }) =>
      mapExpression(found(values[place], 'an argument'), part => {
        const value = part.kind === 'name' ? marked('%', part.name) : null;
        return value === null ? null : placeOf(unit.program, valueId(value));
      }),
    );
  };
  const finished = finishFunctions(parts.groups, sections.groups, names, {
    argsOf,
    types: options.types,
    geometries,
    source: options.source,
    typeOfRecord(program, record) {
      const section =
        record.kind === 'name' || record.kind === 'member' ? names.sectionOfRecord(program, record.name) : null;
      return section === null ? null : names.ofSection(groupOf(program, section).group).typeName;
    },
  });

  const callOf = (program: string, section: string): SectionCall => {
    const unit = found(unitOf.get(keyOf(program, section)), section);
    const { group } = sections.placeOf(unit);
    const { given, parameters } = finished.ofSection(group);
    return {
      record: names.recordOf(program, section),
      callee: names.ofSection(group).name,
      args: [
        ...givens.filter(each => given.has(each)).map(each => name(each)),
        ...parameters.argumentsAt(argsOf(unit)),
      ],
      given,
    };
  };
  return {
    functionsOf(program) {
      const own = plan(program).split.sections.flatMap(section => {
        const { group } = groupOf(program, section.name);
        return finished.withParts(group);
      });
      return [...new Set(own)].filter(each => each.program === program);
    },
    callOf,
    nameOf: (program, section) => names.ofSection(groupOf(program, section).group).name,
    placeOf,
  };

  function plan(program: string): Liveness {
    return found(
      programs.find(each => each.program.name === program),
      program,
    ).plan;
  }
}

const keyOf = (program: string, part: string | ValueId): string => JSON.stringify([program, part]);

const noCalls = (): never => {
  throw new Error('a part has no parts');
};
const noWords = (): readonly string[] => [];

/** Gradients are named after their parameter: `gradient.conv1.weight` → `conv1.weight gradient`. */
function outputNamesOf({ body, outputs }: TensorProgram): ReadonlyMap<ValueId, string> {
  const computed = new Set(body.filter(({ op }) => !isSource(op)).map(({ out }) => out));
  return new Map(
    Object.entries(outputs).flatMap(([output, value]) => {
      const parameter = /^gradient\.(.+)$/.exec(output)?.[1];
      return parameter === undefined || !computed.has(value) ? [] : [[value, `${parameter} gradient`] as const];
    }),
  );
}
