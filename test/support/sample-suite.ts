/** Golden samples: folders under `test/samples` with an input and what is expected of it. `UPDATE_GOLDEN=1` rewrites what is expected. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

export const samplesFolder: string = fileURLToPath(new URL('../samples', import.meta.url));

export interface Sample {
  /** The folder's name without its prefix. */
  readonly name: string;
  readonly folder: string;
  /** The architecture file, relative to the folder: `input.arch.ts`, or `entry` of `options.json`. */
  readonly entry: string;
}

/** The samples whose folder starts with a prefix, such as `error-`. */
export function samplesNamed(prefix: string): Sample[] {
  const names = readdirSync(samplesFolder).filter(name => name.startsWith(prefix));
  return names.sort().map(name => {
    const folder = join(samplesFolder, name);
    return { name: name.slice(prefix.length), folder, entry: readEntry(folder) };
  });
}

function readEntry(folder: string): string {
  const path = join(folder, 'options.json');
  if (!existsSync(path)) return 'input.arch.ts';
  const options = JSON.parse(readFileSync(path, 'utf8')) as { entry: string };
  return options.entry;
}

/** Compares a text with the sample's `expected/<file>`. */
export function expectGolden(sample: Sample, file: string, text: string): void {
  const path = join(sample.folder, 'expected', file);
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(existsSync(path), `${path} is missing: run with UPDATE_GOLDEN=1 and review it`).toBe(true);
  expect(text).toBe(readFileSync(path, 'utf8'));
}
