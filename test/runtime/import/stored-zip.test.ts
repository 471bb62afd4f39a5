import { crc32 as nodeCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { InputError } from '../../../runtime/errors.ts';
import { crc32 } from '../../../runtime/import/crc32.ts';
import { openStoredZip } from '../../../runtime/import/stored-zip.ts';
import { fixtureBytes } from './fixture-files.ts';

interface Written {
  readonly name: string;
  readonly data: Uint8Array;
  /** Says in 32 bits that the numbers are in the zip64 field. */
  readonly wide?: boolean;
  readonly method?: number;
  readonly flags?: number;
  /** The name in its own header, when it differs. */
  readonly localName?: string;
}

/** An archive as zip programs write it; `wide` adds the records of zip64, and a comment stands at its end. */
function zipOf(entries: readonly Written[], { wide = false, comment = '', parts = 0 } = {}): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const { name, data, method = 0, flags = 0, localName = name, wide: far = false } of entries) {
    const sizes = Buffer.alloc(12);
    sizes.writeUInt32LE(crc32(data), 0);
    sizes.writeUInt32LE(data.length, 4);
    sizes.writeUInt32LE(data.length, 8);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(method, 8);
    sizes.copy(local, 14);
    local.writeUInt16LE(localName.length, 26);
    local.writeUInt16LE(3, 28);
    locals.push(local, Buffer.from(localName), Buffer.alloc(3), Buffer.from(data));

    const extra = Buffer.alloc(far ? 4 + 2 + 28 : 0);
    const head = Buffer.alloc(46);
    head.writeUInt32LE(0x02014b50, 0);
    head.writeUInt16LE(flags, 8);
    head.writeUInt16LE(method, 10);
    sizes.copy(head, 16);
    head.writeUInt16LE(name.length, 28);
    head.writeUInt16LE(extra.length, 30);
    head.writeUInt32LE(at, 42);
    if (far) {
      for (const field of [20, 24, 42]) head.writeUInt32LE(0xffff_ffff, field);
      // A field of another kind stands before it.
      extra.writeUInt16LE(0xcafe, 0);
      extra.writeUInt16LE(2, 2);
      extra.writeUInt16LE(1, 6);
      extra.writeUInt16LE(24, 8);
      for (const [index, value] of [data.length, data.length, at].entries())
        extra.writeBigUInt64LE(BigInt(value), 10 + 8 * index);
    }
    central.push(head, Buffer.from(name), extra);
    at += 30 + localName.length + 3 + data.length;
  }
  const size = central.reduce((sum, part) => sum + part.length, 0);
  const large = Buffer.alloc(wide ? 56 + 20 : 0);
  if (wide) {
    large.writeUInt32LE(0x06064b50, 0);
    large.writeBigUInt64LE(44n, 4);
    for (const [index, value] of [entries.length, entries.length, size, at].entries())
      large.writeBigUInt64LE(BigInt(value), 24 + 8 * index);
    large.writeUInt32LE(0x07064b50, 56);
    large.writeBigUInt64LE(BigInt(at + size), 64);
    large.writeUInt32LE(1, 72);
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts, 4);
  end.writeUInt16LE(wide ? 0xffff : entries.length, 8);
  end.writeUInt16LE(wide ? 0xffff : entries.length, 10);
  end.writeUInt32LE(wide ? 0xffff_ffff : size, 12);
  end.writeUInt32LE(wide ? 0xffff_ffff : at, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...locals, ...central, large, end, Buffer.from(comment)]);
}

const one = { name: 'a/b', data: Uint8Array.of(1, 2, 3) };
const refusal = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return String(error);
  }
  return expect.fail('nothing was refused');
};
const contents = (bytes: Uint8Array): [string, number[]][] => {
  const zip = openStoredZip(bytes, 'f');
  return [...zip.entries.values()].map(entry => [entry.name, [...zip.bytesOf(entry)]]);
};

describe('openStoredZip', () => {
  it.each(['bare.zip.pth', 'odd.zip.pth', 'stages.zip.pth'])('lists what yauzl lists: %s', async name => {
    const bytes = await fixtureBytes(name);
    const listed: unknown[] = [];
    for await (const entry of (await fromBufferPromise(bytes)).eachEntry()) {
      const { fileName, uncompressedSize, compressedSize, crc32: sum, relativeOffsetOfLocalHeader } = entry;
      listed.push({
        name: fileName,
        size: uncompressedSize,
        packedSize: compressedSize,
        crc32: sum,
        isPlain: true,
        headerAt: relativeOffsetOfLocalHeader,
      });
    }
    const zip = openStoredZip(bytes, name);
    expect([...zip.entries.values()]).toEqual(listed);
    for (const entry of zip.entries.values()) expect(zip.bytesOf(entry)).toHaveLength(entry.size);
  });

  it('reads archives of any entries, small and zip64, with a comment behind', () => {
    const entry = fc.record({
      name: fc.stringMatching(/^[a-z/]{1,9}$/),
      data: fc.uint8Array({ maxLength: 40 }),
      wide: fc.boolean(),
    });
    const entries = fc.uniqueArray(entry, { selector: ({ name }) => name, maxLength: 5 });
    fc.assert(
      fc.property(entries, fc.boolean(), fc.stringMatching(/^[a-z]{0,30}$/), (written, wide, comment) => {
        expect(contents(zipOf(written, { wide, comment }))).toEqual(written.map(({ name, data }) => [name, [...data]]));
      }),
    );
  });

  it('reads one that lies in a larger buffer', () => {
    const zip = zipOf([one]);
    const around = Buffer.concat([Buffer.alloc(5), zip, Buffer.alloc(9)]);
    expect(contents(around.subarray(5, 5 + zip.length))).toEqual([['a/b', [1, 2, 3]]]);
  });

  it.each([
    ['cut short', zipOf([one]).subarray(0, -1), /not a whole zip file: the record of its end is missing/],
    ['of several parts', zipOf([one], { parts: 1 }), /it is one of several parts/],
    ['with a name twice', zipOf([one, one]), /the entry a\/b stands twice in it \(byte \d+\)/],
    [
      'whose directory is elsewhere',
      edited(zipOf([one]), zip => zip.writeUInt32LE(1e6, zip.length - 6)),
      /its directory does not lie in it/,
    ],
    [
      'whose directory is another',
      edited(zipOf([one]), zip => zip.writeUInt32LE(1, zip.length - 6)),
      /an entry of its directory is missing/,
    ],
    [
      'whose directory is shorter',
      edited(zipOf([one]), zip => zip.writeUInt32LE(9, zip.length - 10)),
      /another length than it says/,
    ],
    [
      'without its zip64 record',
      edited(zipOf([one], { wide: true }), zip => zip.writeBigUInt64LE(0n, zip.length - 22 - 12)),
      /zip64 record is missing/,
    ],
    [
      'whose zip64 record is beyond its end',
      edited(zipOf([one], { wide: true }), zip => zip.writeBigUInt64LE(2n ** 60n, zip.length - 22 - 12)),
      /zip64 record does not lie in it/,
    ],
  ])('refuses one %s', (_, bytes, message) => expect(refusal(() => openStoredZip(bytes, 'f'))).toMatch(message));

  it.each([
    ['compressed', zipOf([{ ...one, method: 8 }]), /f: entry a\/b is compressed or encrypted/],
    ['encrypted', zipOf([{ ...one, flags: 1 }]), /compressed or encrypted/],
    ['whose header has another name', zipOf([{ ...one, localName: 'a/c' }]), /its header has another name/],
    ['with a bit flipped', edited(zipOf([one]), zip => zip.writeUInt8(7, 36)), /corrupt: its CRC-32 is/],
    ['whose header is missing', edited(zipOf([one]), zip => zip.writeUInt8(0, 0)), /its header is missing/],
  ])('refuses an entry %s', (_, bytes, message) => expect(refusal(() => contents(bytes))).toMatch(message));
});

function edited(zip: Buffer, edit: (zip: Buffer) => unknown): Buffer {
  edit(zip);
  return zip;
}

it('crc32 is what Node has', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 70 }), bytes => crc32(bytes) === nodeCrc32(bytes)));
});
