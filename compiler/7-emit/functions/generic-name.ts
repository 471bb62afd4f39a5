/** One name for several things: what their names have in common. */

/**
 * `block1_conv1`, `block2_conv1` → `block_conv1`: numbers that differ are left out. Where more than that differs, the words at the start and
 * at the end that all have in common, without numbers; `otherwise` stands for the end where there are none.
 */
export function genericName(names: readonly string[], otherwise: string): string {
  const [first = otherwise, ...others] = new Set(names);
  if (others.length === 0) return first;
  const all = [first, ...others].map(tokensOf);
  const [tokens = []] = all;
  const aligned = tokens.map((token, index) => {
    if (all.every(other => other.length === tokens.length && other[index] === token)) return token;
    return all.every(other => other.length === tokens.length && isNumber(other[index])) ? '' : null;
  });
  if (aligned.every(token => token !== null)) return aligned.join('');
  // Words at the start of a name and within it are one.
  const words = all.map(other => other.filter(isWord).map(word => word.toLowerCase()));
  const [own = []] = words;
  const shortest = Math.min(...words.map(list => list.length));
  let begin = 0;
  while (begin < shortest && words.every(list => list[begin] === own[begin])) begin++;
  let end = 0;
  while (end < shortest - begin && words.every(list => list.at(-1 - end) === own.at(-1 - end))) end++;
  if (end === 0 && begin < shortest) return begin === 0 ? otherwise : [...own.slice(0, begin), otherwise].join(' ');
  return [...own.slice(0, begin), ...own.slice(own.length - end)].join(' ');
}

/** Words, numbers, and what stands between. */
const tokensOf = (name: string): string[] => name.match(/[0-9]+|[A-Z]?[a-z]+|[A-Z]+|[^0-9A-Za-z]+/g) ?? [];
const isNumber = (token: string | undefined): boolean => token !== undefined && /^[0-9]+$/.test(token);
const isWord = (token: string): boolean => /^[A-Za-z]+$/.test(token);
