import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, compareFiles, lookAtBuild, type Manifest, writeManifest } from '../../../runtime/native/manifest.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dualc-manifest-'));
  mkdirSync(path.join(folder, 'lib'));
  writeFileSync(path.join(folder, 'lib/library'), 'abc');
  writeFileSync(path.join(folder, 'empty'), '');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rewrite = (change: (manifest: Manifest) => object): void => {
  const standing = lookAtBuild('cpu', folder);
  if (standing.state !== 'whole') throw new Error('there is no manifest');
  writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(change(standing.manifest)));
};

describe('a manifest', () => {
  it('lists every file with its size and SHA-256', async () => {
    const { files, variant } = await writeManifest(folder, 'cpu');
    expect(variant).toBe('cpu');
    expect(files).toEqual({
      empty: { bytes: 0, sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
      'lib/library': { bytes: 3, sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
    });
  });

  it('tells what stands from what does not', async () => {
    expect(lookAtBuild('cpu', path.join(folder, 'none'))).toEqual({ state: 'absent' });
    expect(lookAtBuild('cpu', folder)).toMatchObject({
      state: 'damaged',
      problem: expect.stringContaining('manifest.json is missing'),
    });
    const manifest = await writeManifest(folder, 'cpu');
    expect(lookAtBuild('cpu', folder)).toEqual({ state: 'whole', manifest });
    expect(bytesOf(manifest)).toBe(3);
    expect(await compareFiles(folder, manifest)).toEqual([]);
  });

  it('knows a build of another kind, layout or version', async () => {
    await writeManifest(folder, 'cpu');
    const other = `${folder} holds the build of another version of dualc`;
    expect(lookAtBuild('gpu', folder)).toEqual({ state: 'damaged', problem: other });
    rewrite(manifest => ({ ...manifest, tensorFlow: '2.16.1' }));
    expect(lookAtBuild('cpu', folder)).toEqual({ state: 'damaged', problem: other });
    await writeManifest(folder, 'cpu');
    rewrite(manifest => ({ ...manifest, layout: 0 }));
    expect(lookAtBuild('cpu', folder)).toEqual({ state: 'damaged', problem: other });
  });

  it('sees by its size a file that was cut, by its hash one that was changed', async () => {
    const manifest = await writeManifest(folder, 'cpu');
    const file = path.join(folder, 'lib/library');
    writeFileSync(file, 'abd');
    expect(lookAtBuild('cpu', folder).state).toBe('whole');
    expect(await compareFiles(folder, manifest)).toEqual([`${file} is not what was built: its hash differs`]);
    writeFileSync(file, 'ab');
    const problem = `${file} has 2 bytes in place of 3`;
    expect(lookAtBuild('cpu', folder)).toEqual({ state: 'damaged', problem });
    rmSync(path.join(folder, 'empty'));
    expect(await compareFiles(folder, manifest)).toEqual([`${path.join(folder, 'empty')} is missing`, problem]);
  });
});
