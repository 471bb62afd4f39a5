/** Names of a checkpoint's tensors as a network would spell them. */
import { InputError } from '../errors.ts';
import { didYouMean } from '../weights/nearest-name.ts';
import type { SourceTensor } from './checkpoint-source.ts';

/** `module.` and the like: first parts that every name shares, as wrappers of whole networks leave them. */
export function commonPrefix(names: readonly string[], layers: ReadonlySet<string>): string {
  let prefix = '';
  for (;;) {
    const rest = names.map(name => name.slice(prefix.length));
    const part = rest[0]?.split('.')[0];
    const shared =
      part !== undefined && rest.every(name => name.startsWith(`${part}.`) && name.indexOf('.', part.length + 1) >= 0);
    if (!shared || layers.has(part)) return prefix;
    prefix += `${part}.`;
  }
}

/** `conv1.weight` is `weight` of `conv1`; a name without a dot is its own unit. */
export function splitName(name: string): { unit: string; leaf: string } {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? { unit: name, leaf: '' } : { unit: name.slice(0, dot), leaf: name.slice(dot + 1) };
}

/**
 * Applies `--map old=new`: `old` is a tensor or a module of the file (with or without the common prefix), `new` a parameter
 * or a layer of the network. Raises `InputError` that lists every entry that names nothing.
 */
export function applyMap(
  tensors: ReadonlyMap<string, SourceTensor>,
  map: Readonly<Record<string, string>>,
  known: { readonly prefix: string; readonly parameters: readonly string[]; readonly layers: readonly string[] },
): { renamed: Map<string, SourceTensor>; rest: Map<string, SourceTensor> } {
  const { prefix, parameters, layers } = known;
  const renamed = new Map<string, SourceTensor>();
  const rest = new Map(tensors);
  const problems: string[] = [];
  for (const [old, target] of Object.entries(map)) {
    const short = prefix !== '' && old.startsWith(prefix) ? old.slice(prefix.length) : old;
    const hits = [...rest.keys()].filter(name => name === short || name.startsWith(`${short}.`));
    if (hits.length === 0) {
      const candidates = [...tensors.keys()].flatMap(name => [name, splitName(name).unit]);
      problems.push(`--map ${old}=${target}: the file has no ${old}${didYouMean(short, candidates)}`);
    }
    if (!parameters.includes(target) && !layers.includes(target)) {
      problems.push(
        `--map ${old}=${target}: the network has no ${target}${didYouMean(target, [...parameters, ...layers])}`,
      );
      continue;
    }
    for (const name of hits) {
      const to = target + name.slice(short.length);
      if (renamed.has(to)) problems.push(`--map ${old}=${target}: ${to} is mapped twice`);
      renamed.set(to, rest.get(name)!);
      rest.delete(name);
    }
  }
  if (problems.length > 0) throw new InputError(problems.join('\n'));
  return { renamed, rest };
}
