import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRunDescription, runFolder } from '../../../runtime/checkpoint/run-folder.ts';
import { InputError } from '../../../runtime/errors.ts';
import { toyDescription } from '../../support/toy-run.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'dualc-run-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(text: string): Promise<unknown> {
  await writeFile(path.join(folder, 'run.json'), text);
  return readRunDescription(runFolder(folder));
}

describe('run.json', () => {
  it('is read back', async () => expect(await read(JSON.stringify(toyDescription))).toEqual(toyDescription));

  it.each([
    ['is no JSON', '{', /damaged.*: Invalid JSON/],
    ['is empty', '', /damaged.*: Invalid JSON/],
    ['is a list', '[]', /damaged/],
    ['has no examples', JSON.stringify({ ...toyDescription, examples: 0 }), /examples: .*>=1/],
    ['has a sketch of one number', JSON.stringify({ ...toyDescription, projections: 1 }), /projections: .*>=2/],
    ['has half a sketch', JSON.stringify({ ...toyDescription, projections: 2.5 }), /projections: /],
    ['has an empty box', JSON.stringify({ ...toyDescription, box: [1, 0] }), /box: it is empty/],
    ['asks for no bounds', JSON.stringify({ ...toyDescription, bounds: 'tight' }), /: bounds tight: 'tight' is no/],
    ['has epochs too many', JSON.stringify({ ...toyDescription, bounds: 'exact:99' }), /: bounds exact:99: .*add up/],
    ['began on no backend', JSON.stringify({ ...toyDescription, backend: 'toString' }), /backend: .*"wasm"/],
    ['has another norm', JSON.stringify({ ...toyDescription, norm: 'l1' }), /norm: /],
  ])('that %s is refused by name', async (_, text, message) => {
    await expect(read(text)).rejects.toThrow(InputError);
    await expect(read(text)).rejects.toThrow(message);
    await expect(read(text)).rejects.toThrow(path.join(folder, 'run.json'));
  });
});
