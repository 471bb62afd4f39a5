import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpackWheel } from '../../../../compiler/cli/setup/unpack-wheel.ts';
import { filesBelow } from '../../../../runtime/files/folders.ts';
import { wheelEntries } from '../../../support/fake-tools.ts';
import { writeZip } from '../../../support/write-zip.ts';

let folder: string;
let wheel: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dualc-wheel-'));
  wheel = path.join(folder, 'download/tensorflow.whl');
  mkdirSync(path.dirname(wheel));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const unpack = (bytes: Buffer): ReturnType<typeof unpackWheel> => {
  writeFileSync(wheel, bytes);
  return unpackWheel(wheel, path.join(folder, 'tree'), path.join(folder, 'headers'), () => {});
};

describe('unpackWheel', () => {
  it('takes the libraries and the few headers, and nothing else', async () => {
    const names = ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'];
    const { libraries } = await unpack(writeZip(wheelEntries));
    expect(libraries).toEqual(names.map(name => path.join(folder, 'tree/lib', path.basename(name))));
    expect(await filesBelow(path.join(folder, 'tree'))).toEqual(names.map(name => `lib/${path.basename(name)}`));
    expect(await filesBelow(path.join(folder, 'headers'))).toEqual([
      'tensorflow/c/c_api.h',
      'tensorflow/c/eager/c_api.h',
      'tensorflow/core/platform/ctstring.h',
      'tsl/c/tsl_status.h',
      'tsl/platform/ctstring_internal.h',
    ]);
  });

  it('removes an archive with a wrong checksum, one that is cut off, and one without libraries', async () => {
    const name = 'tensorflow/libtensorflow_cc.so.2';
    await expect(unpack(writeZip(wheelEntries, name))).rejects.toThrow(
      `tensorflow.whl is not the archive that it should be: the checksum of ${name} is not what it says. It is removed`,
    );
    expect(existsSync(wheel)).toBe(false);
    rmSync(path.join(folder, 'tree'), { recursive: true });
    mkdirSync(path.dirname(wheel));
    await expect(unpack(writeZip(wheelEntries).subarray(0, -100))).rejects.toThrow(/is not the archive that it should/);
    mkdirSync(path.dirname(wheel));
    await expect(unpack(writeZip({ 'tensorflow/a.py': '' }))).rejects.toThrow("it lacks TensorFlow's libraries");
  });

  it('blames the place, not the archive, where it cannot be written', async () => {
    writeFileSync(path.join(folder, 'tree'), 'in the way');
    await expect(unpack(writeZip(wheelEntries))).rejects.toThrow(/a file or folder of that name is in the way/);
    expect(existsSync(wheel)).toBe(true);
  });
});
