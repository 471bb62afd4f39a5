/**
 * Names of the functions that the sections of a program become, and of the records that these return. Layers are called
 * what their user likes: a name that turns into an identifier which is taken already, or which the module needs for
 * something else, gets a number.
 */
import { runtimeSymbols } from '../shared/runtime-symbols.ts';
import { capitalizedName, safeIdentifier, unused } from './safe-identifier.ts';
import { type Code, code } from './safe-text.ts';

export interface SectionNames {
  readonly function: Code;
  /** What the function returns, in the functions that read it. */
  readonly record: Code;
}

/** What every driver has at hand; `r`, what the functions that it called have returned, by their records' names. */
export const givens = ['p', 'r', 'x', 'labels', 'epsilon', 'batch', 'key'] as const;
export type Given = (typeof givens)[number];

/** Names that mean something in every function of the module. */
export const moduleNames: readonly string[] = [
  ...givens,
  'tf',
  'geometry',
  'start',
  'indices',
  'params',
  'options',
  'logits',
  'meta',
  'model',
  ...runtimeSymbols,
];

/** The names that a module's functions may not have, to begin with; `exported` are those of the functions that it exports. */
export const takenNames = (exported: readonly string[]): Set<string> => new Set([...moduleNames, ...exported]);

const gradientMark = 'gradient:';
const boundsMark = 'bounds:';
export const isGradient = (section: string): boolean => section.startsWith(gradientMark);
/** The nonlinearity whose input a section bounds; empty where it bounds none. */
export const boundedIn = (section: string): string =>
  section.startsWith(boundsMark) ? section.slice(boundsMark.length) : '';
export const forwardOf = (section: string): string => section.replace(gradientMark, '');

/**
 * `prefix` keeps the functions of one program apart from those of another. `taken` are the names that the module's functions
 * have so far; the new ones join them. Sections in order: a gradient comes after what it is the gradient of.
 */
export function nameSections(
  sections: readonly string[],
  prefix: Code,
  taken: Set<string>,
): ReadonlyMap<string, SectionNames> {
  const names = new Map<string, SectionNames>();
  // One set for both: a driver calls the functions and names their records.
  const here = new Set(taken);
  for (const section of sections) {
    const wanted = wantedNames(section, names);
    const name = unused(prefix === '' ? wanted.function : code`${prefix}${capitalizedName(wanted.function)}`, here);
    taken.add(name);
    names.set(section, { function: name, record: unused(wanted.record, here) });
  }
  return names;
}

const fixed: ReadonlyMap<string, SectionNames> = new Map([
  ['ball', { function: code`ballAround`, record: code`ball` }],
  ['margins', { function: code`certifiedMargins`, record: code`certified` }],
  ['loss', { function: code`meanLoss`, record: code`loss` }],
  ['losses', { function: code`lossOfEach`, record: code`loss` }],
  ['forward', { function: code`forwardPass`, record: code`network` }],
]);

function wantedNames(section: string, names: ReadonlyMap<string, SectionNames>): SectionNames {
  if (isGradient(section)) {
    const forward = forwardOf(section);
    const { record } = names.get(forward) ?? wantedNames(forward, names);
    return { function: code`gradientOf${capitalizedName(record)}`, record: code`${record}Gradient` };
  }
  const record = safeIdentifier(section.replace(boundsMark, ''));
  const verb = section.startsWith(boundsMark) ? code`boundsOf` : code`compute`;
  return fixed.get(section) ?? { function: code`${verb}${capitalizedName(record)}`, record };
}
