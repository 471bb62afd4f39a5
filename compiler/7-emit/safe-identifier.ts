/** Names in the emitted code. */
import { type Code, code, fromCode, identifier } from './safe-text.ts';

/** Words that a module of TypeScript cannot use as the name of a variable or a parameter. */
const reserved: ReadonlySet<string> = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally
   for function if implements import in instanceof interface let new null package private protected public return static super
   switch this throw true try typeof undefined var void while with yield`.split(/\s+/),
);

/** `'gradient of the slope'` → `gradientOfTheSlope`; never a reserved word. */
export function safeIdentifier(words: string): Code {
  const parts = words.split(/[^A-Za-z0-9]+/).filter(part => part !== '');
  const [first = 'value', ...rest] = parts;
  const name = first.charAt(0).toLowerCase() + first.slice(1) + rest.map(capitalized).join('');
  const legal = /^[0-9]/.test(name) ? `_${name}` : name;
  return identifier(reserved.has(legal) ? `${legal}_` : legal);
}

export const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
export const capitalizedName = (name: Code): Code => fromCode(capitalized(name));

const none: ReadonlySet<string> = new Set();

/** By the names taken: where the numbers behind a name begin that were not tried yet, so that a thousand alike are no million tries. */
const counted = new WeakMap<Set<string>, Map<string, number>>();

function countsOf(taken: Set<string>): Map<string, number> {
  const counts = counted.get(taken) ?? new Map<string, number>();
  counted.set(taken, counts);
  return counts;
}

/** The name, or the name with a number, that is neither taken yet nor reserved; now it is taken. */
export function unused(wanted: Code, taken: Set<string>, reserved: ReadonlySet<string> = none): Code {
  const stem = /[0-9]$/.test(wanted) ? code`${wanted}_` : wanted;
  let name = wanted;
  const counts = countsOf(taken);
  let count = counts.get(stem) ?? 2;
  for (; taken.has(name) || reserved.has(name); count++) name = code`${stem}${count}`;
  counts.set(stem, count);
  taken.add(name);
  return name;
}
