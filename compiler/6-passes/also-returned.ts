/**
 * Several programs of a module run the network itself, and each needs other values on the way. One function returns what any of them needs, as
 * long as that is small; so it is one function.
 */
import type { Instr, TensorProgram } from '../5-program/tensor-program.ts';
import { addTo } from '../shared/add-to.ts';
import { found, invariant } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import { defaultLargeSizes, isLargeTensor } from './liveness.ts';
import { outline } from './outline.ts';
import { splitProgram } from './scopes.ts';
import { definitionsOf, outlinedIn, structureOf } from './structure.ts';

const isForward = (name: string): boolean => /^forward( |$)/.test(name);

/** By program and run, the places of the values that are results of others that are alike, as long as they are small. */
export function alsoResults(programs: readonly TensorProgram[]): ReadonlySet<number>[][] {
  const runs = programs.map(program => {
    const whole = outline(program, () => true);
    const definitions = definitionsOf(whole);
    return outlinedIn(whole.body).map(({ op, origin }) => {
      invariant(op.kind === 'outlined', 'a part is outlined');
      const { body, results } = op.block;
      return {
        key: isForward(origin.role) ? structureOf({ instrs: body, results: [] }, definitions) : null,
        body,
        places: placesOf(body, results),
      };
    });
  });
  const wanted = unionByKey(runs.flat());
  return runs.map(its => its.map(({ key, places }) => (key === null ? places : found(wanted.get(key), 'places'))));
}

function placesOf(body: readonly Instr[], values: readonly ValueId[]): Set<number> {
  const wanted = new Set(values);
  return new Set(body.flatMap(({ out }, place) => (wanted.has(out) ? [place] : [])));
}

interface Returning {
  readonly key: string | null;
  readonly body: readonly Instr[];
  readonly places: ReadonlySet<number>;
}

/** For each key the places that any returns and none has a large value at, and those that all return. */
function unionByKey(all: readonly Returning[]): ReadonlyMap<string, ReadonlySet<number>> {
  const groups = new Map<string, Returning[]>();
  for (const each of all) if (each.key !== null) addTo(groups, each.key, each);
  return new Map(
    [...groups].map(([key, members]) => {
      const places = new Set(members.flatMap(each => [...each.places]));
      const isKept = (place: number): boolean =>
        members.every(({ body, places: own }) => own.has(place) || !isLargeAt(body, place));
      return [key, new Set([...places].filter(isKept))] as const;
    }),
  );
}

const isLargeAt = (body: readonly Instr[], place: number): boolean =>
  isLargeTensor(found(body[place], 'an instruction'), defaultLargeSizes);

/** By program, the values that sections return since others that are alike do. */
export function alsoExported(programs: readonly TensorProgram[]): ReadonlySet<ValueId>[] {
  const sections = programs.map(program => {
    const definitions = definitionsOf(program);
    return splitProgram(program).sections.map(({ name, body, exports }) => ({
      key: isForward(name) ? structureOf({ instrs: body, results: [] }, definitions) : null,
      body,
      places: placesOf(body, exports),
    }));
  });
  const wanted = unionByKey(sections.flat());
  return sections.map(
    its =>
      new Set(
        its.flatMap(({ key, body }) =>
          [...(wanted.get(key ?? '') ?? [])].map(place => found(body[place], 'an instruction').out),
        ),
      ),
  );
}
