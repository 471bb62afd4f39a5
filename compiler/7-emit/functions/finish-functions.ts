/** Groups with names → functions: their parameters, and their bodies without marks. */
import type { ProgramShape } from '../../5-program/dim.ts';
import { addTo } from '../../shared/add-to.ts';
import { assertNever, found } from '../../shared/assert.ts';
import {
  type Expression,
  type GivenName,
  givensOfStatement,
  member,
  name,
  object,
  type Statement,
} from '../../shared/expression.ts';
import { safeIdentifier, unused } from '../safe-identifier.ts';
import { type Code, code, identifier } from '../safe-text.ts';
import { givens } from '../section-names.ts';
import { derivedSlots } from './derived-slots.ts';
import { genericName } from './generic-name.ts';
import type { Group } from './group-units.ts';
import { placeText } from './layer-comment.ts';
import type { Geometries } from './layer-geometry.ts';
import { mapExpression, mapStatement, visitStatements } from './map-tree.ts';
import type { FunctionNames, ModuleNames } from './name-functions.ts';
import { type CallSite, type Parameters, parametersFor } from './parameters.ts';
import { returning } from './returning.ts';
import { printSharedShape } from './shared-shape.ts';
import { marked, type UnitTree } from './unit.ts';

export interface FinishedFunction {
  /** The program whose functions it stands among. */
  readonly program: string;
  readonly group: Group;
  readonly names: FunctionNames;
  readonly given: ReadonlySet<GivenName>;
  /** What it is told of the turn of the loop that it stands in. */
  readonly turn: readonly TurnName[];
  readonly parameters: Parameters;
  readonly body: readonly Statement[];
}

/** How the function of a loop's turn calls what it is given: the first row of the chunk, or the indices of all. */
export const turnNames = ['start', 'indices'] as const;
export type TurnName = (typeof turnNames)[number];

interface FinishContext {
  readonly argsOf: (unit: UnitTree) => readonly Expression[];
  readonly types: boolean;
  readonly geometries: Geometries;
  /** The architecture file: of layers that stand in it, only the line is said. */
  readonly source: string;
  /** Of a record that a section of the program returned. */
  readonly typeOfRecord: (program: string, record: Expression) => Code | null;
}

export interface FinishedFunctions {
  readonly ofSection: (group: number) => FinishedFunction;
  /** A section's function after those that it calls. */
  readonly withParts: (group: number) => readonly FinishedFunction[];
}

/** A function whose body still calls parts by what their slots hold. */
interface Draft extends FinishedFunction {
  readonly calls: ReadonlySet<number>;
}

export function finishFunctions(
  parts: readonly Group[],
  sections: readonly Group[],
  names: ModuleNames,
  context: FinishContext,
): FinishedFunctions {
  const drafts = sections.map((group, number) => {
    const sites = group.members.map(
      (unit): CallSite => ({
        program: unit.program,
        args: context.argsOf(unit),
        typeOf: record => context.typeOfRecord(unit.program, record),
      }),
    );
    return draft(group, names.ofSection(number), sites);
  });
  const sitesOf = new Map<number, CallSite[]>();
  for (const { program, body, parameters } of drafts) {
    const types = new Map<string, Code>(parameters.list.map(parameter => [parameter.name, parameter.type]));
    const typeOf = (record: Expression): Code | null =>
      record.kind === 'name' ? (types.get(record.name) ?? null) : context.typeOfRecord(program, record);
    visitStatements(body, expression => {
      const called = partOf(expression);
      if (called === null || expression.kind !== 'call') return;
      const site: CallSite = { program, args: expression.args, typeOf };
      addTo(sitesOf, called, site);
    });
  }
  const finishedParts = parts.map((group, number) => draft(group, names.ofPart(number), sitesOf.get(number) ?? []));
  const finished = drafts.map(section => withCalls(section));
  return {
    ofSection: group => found(finished[group], 'a section'),
    withParts(group) {
      const calls = [...found(drafts[group], 'a section').calls];
      return [...calls.map(part => found(finishedParts[part], 'a part')), found(finished[group], 'a section')];
    },
  };

  function draft(group: Group, its: FunctionNames, sites: readonly CallSite[]): Draft {
    const taken = new Set<string>();
    const unusedHere = (wanted: Code): Code => unused(wanted, taken, names.reserved);
    const derived = derivedSlots(group.match.slots, group.match.body, context.geometries, layer =>
      unusedHere(its.words.wantedWindows(layer)),
    );
    const parameters = parametersFor(group.match.slots, sites, derived, {
      ofSlot: slot => unusedHere(its.words.wantedSlot(slot)),
      ofRecord: records => unusedHere(recordNameOf(records)),
    });
    const localNames = namesOfLocals(group, its, unusedHere);
    const calls = new Set<number>();
    const replace = (expression: Expression): Expression | null => {
      const called = partOf(expression);
      if (called !== null) calls.add(called);
      if (expression.kind === 'member') {
        const result = marked('#', expression.name);
        if (result !== null) return resultOf(expression.object, result);
      }
      if (expression.kind !== 'name') return null;
      const slot = marked('~', expression.name);
      if (slot !== null) return slotsIn(found(parameters.reads[slot], 'a parameter'));
      const local = marked('$', expression.name);
      return local === null ? null : name(found(localNames[local], 'a local name'));
    };
    const slotsIn = (expression: Expression): Expression =>
      mapExpression(expression, part => {
        const slot = part.kind === 'name' ? marked('~', part.name) : null;
        return slot === null ? null : found(parameters.reads[slot], 'a parameter');
      });
    const resultOf = (of: Expression, result: number): Expression => {
      const local = of.kind === 'name' ? marked('$', of.name) : null;
      const part = local === null ? null : partOfLocal.get(local);
      const { fields } = names.ofPart(found(part ?? undefined, 'the part of a result'));
      const record = mapExpression(of, replace);
      return fields.length === 1 ? record : member(record, found(fields[result], 'a field'));
    };
    const partOfLocal = partsOfLocals(group.match.body);
    const shapes = (local: number): ProgramShape[] =>
      group.members.map(({ locals }) => found(locals[local], 'a local').shape);
    const placed = new Set<string>();
    let lastShape = '';
    const rename = (statement: Statement): Statement => {
      switch (statement.kind) {
        case 'const': {
          const local = found(marked('$', statement.name) ?? undefined, 'a local value');
          const own = found(localNames[local], 'a local name');
          if (statement.comment === '') return { ...statement, name: own };
          const shape = printSharedShape(shapes(local), group.match.slots, parameters);
          // As of the statement before: not said again.
          const comment = shape === lastShape ? '' : shape;
          lastShape = shape;
          return { ...statement, name: own, comment };
        }
        case 'comment':
          return {
            kind: 'comment',
            text: placeText(its, found(marked('$', statement.text) ?? undefined, 'a place'), {
              placed,
              source: context.source,
            }),
          };
        case 'do':
        case 'return':
        case 'blank':
          return statement;
        default:
          return assertNever(statement);
      }
    };
    const returned = group.match.returned.map(value => mapExpression(value, replace));
    const isPart = found(group.members[0], 'a member').kind === 'part';
    const [only] = returned;
    const result =
      isPart && returned.length === 1 && only !== undefined
        ? only
        : object(returned.map((value, index) => [found(its.fields[index], 'a field'), value] as const));
    const body = returning(result, [
      ...derived.statements.map(statement => mapStatement(statement, replace)),
      ...group.match.body
        .map(statement => mapStatement(statement, replace, rename))
        .filter(statement => statement.kind !== 'comment' || statement.text !== ''),
    ]);
    return {
      program: found(group.members[0], 'a member').program,
      group,
      names: its,
      given: new Set(body.flatMap(givensOfStatement)),
      turn: turnNames.filter(of => readsTurn(body, of)),
      parameters,
      body,
      calls,
    };
  }

  /** The calls of parts, by the parameters of these. */
  function withCalls(section: Draft): FinishedFunction {
    const given = new Set(section.given);
    const replace = (expression: Expression): Expression | null => {
      const called = partOf(expression);
      if (called === null || expression.kind !== 'call') return null;
      const part = found(finishedParts[called], 'a part');
      for (const each of part.given) given.add(each);
      const args = part.parameters.argumentsAt(expression.args);
      return {
        kind: 'call',
        callee: name(part.names.name),
        args: [
          ...givens.filter(each => part.given.has(each)).map(each => name(each)),
          ...part.turn.map(of => name(of)),
          ...args,
        ],
      };
    };
    const body = section.body.map(statement => mapStatement(statement, replace));
    return { ...section, given, body };
  }

  function namesOfLocals(group: Group, its: FunctionNames, unusedHere: (wanted: Code) => Code): Code[] {
    const results = found(group.members[0], 'a member').results;
    const printed = new Set<number>();
    const note = (statements: readonly Statement[]): void => {
      for (const statement of statements) {
        mapStatement(
          statement,
          () => null,
          inner => {
            if (inner.kind === 'const') printed.add(found(marked('$', inner.name) ?? undefined, 'a local'));
            return inner;
          },
        );
      }
    };
    note(group.match.body);
    const partOfLocal = partsOfLocals(group.match.body);
    const own = new Map<number, Code>();
    // What is returned has the first choice.
    for (const [result, local] of results.entries())
      if (printed.has(local)) own.set(local, unusedHere(found(its.fields[result], 'a field')));
    return found(group.members[0], 'a member').locals.map((_, local) => {
      if (!printed.has(local)) return code`_`;
      const part = partOfLocal.get(local);
      if (part !== undefined) return unusedHere(recordName(its, part, local));
      return own.get(local) ?? unusedHere(its.words.wantedLocal(local));
    });
  }

  /** What a call of a part is called: its one result, or the part. */
  function recordName(its: FunctionNames, part: number, local: number): Code {
    const { fields } = names.ofPart(part);
    if (fields.length === 1) return its.words.wantedLocal(local + 1);
    return its.words.recordOf(local);
  }
}

const partsOfLocals = (body: readonly Statement[]): ReadonlyMap<number, number> => {
  const parts = new Map<number, number>();
  for (const statement of body)
    mapStatement(
      statement,
      () => null,
      inner => {
        const part = inner.kind === 'const' ? partOf(inner.value) : null;
        const local = inner.kind === 'const' ? marked('$', inner.name) : null;
        if (part !== null && local !== null) parts.set(local, part);
        return inner;
      },
    );
  return parts;
};

const partOf = (expression: Expression): number | null =>
  expression.kind === 'call' && expression.callee.kind === 'name' ? marked('@', expression.callee.name) : null;

/** By which of its loop's turns a statement knows its rows. */
function readsTurn(body: readonly Statement[], turn: TurnName): boolean {
  let reads = false;
  const visit = (expression: Expression): Expression | null => {
    if (expression.kind === 'name' && expression.name === turn) reads = true;
    return expression.kind === 'function' && expression.parameters.includes(turn) ? expression : null;
  };
  for (const statement of body) mapStatement(statement, visit);
  return reads;
}

/** Of the names of a record at all calls. */
function recordNameOf(records: readonly string[]): Code {
  const [only, ...others] = new Set(records);
  return only !== undefined && others.length === 0 ? identifier(only) : safeIdentifier(genericName(records, 'record'));
}
