/** Which files and packages a file loads when it is run; imports of types are not counted. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

export interface Loaded {
  readonly files: readonly string[];
  readonly packages: readonly string[];
}

/** @param depth how many imports deep to follow */
export function importsBehind(file: string, depth = 100): Loaded {
  const packages = new Set<string>();
  const files = new Map<string, number>([[resolve(file), 0]]);
  for (const [path, level] of files) {
    for (const [, clause, specifier] of readFileSync(path, 'utf8').matchAll(
      /^(?:import|export) ([^;'"]*? from )?'([^']+)';/gms,
    )) {
      if (clause?.startsWith('type ')) continue;
      if (!specifier!.startsWith('.')) packages.add(specifier!);
      else if (level < depth && !files.has(resolve(dirname(path), specifier!)))
        files.set(resolve(dirname(path), specifier!), level + 1);
    }
  }
  return { files: [...files.keys()], packages: [...packages] };
}
