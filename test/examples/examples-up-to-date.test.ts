/**
 * The modules in `examples` are what the compiler makes of the architectures beside them, by the command in the header of
 * each: `npm run examples` renews them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { dualcIn } from '../support/command-line.ts';

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));
const namesWith = (ending: string): string[] =>
  readdirSync(folder)
    .filter(name => name.endsWith(ending))
    .map(name => name.slice(0, -ending.length))
    .sort();

describe('the examples', () => {
  const architectures = namesWith('.arch.ts');

  it('are architectures, each with its module, and no module without its architecture', () => {
    expect(architectures.length).toBeGreaterThan(4);
    expect(namesWith('.dual.ts')).toEqual(architectures);
  });

  it.each(architectures)('%s.dual.ts has no line over 100 columns', name => {
    const lines = readFileSync(`${folder}${name}.dual.ts`, 'utf8').split('\n');
    expect(lines.length).toBeGreaterThan(500);
    expect(lines.filter(line => [...line].length > 100)).toEqual([]);
  });

  it.each(architectures)('hold what %s.arch.ts compiles to', async name => {
    const [header = ''] = readFileSync(`${folder}${name}.dual.ts`, 'utf8').split('\nimport ', 1);
    const [, command = ''] = /Do not edit; run `dualc ([^`]+)`\./.exec(header.replaceAll('\n// ', ' ')) ?? [];
    const args = command.split(' ');
    expect(args.slice(0, 2)).toEqual(['compile', `${name}.arch.ts`]);
    expect(await dualcIn(folder, [...args, '--check']), 'run npm run examples and review the difference').toEqual({
      code: 0,
      out: '',
      err: `${name}.dual.ts is up to date\n`,
    });
  });
});
