import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCifar } from '../../../runtime/data/cifar.ts';
import { parseIdx } from '../../../runtime/data/idx.ts';
import { inflated } from '../../../runtime/data/inflate.ts';
import { checkLabels } from '../../../runtime/data/labels.ts';
import { InputError } from '../../../runtime/errors.ts';
import { hasShared, sharedPath } from '../../support/shared-data.ts';
import { bytes, cifar, idx } from './small-files.ts';

describe('parseIdx', () => {
  const good = idx([2, 2, 3], bytes(12));

  it('gives shape and data without copying them', () => {
    const { shape, data, dataStart } = parseIdx(good, 'f', [3]);
    expect([shape, dataStart]).toEqual([[2, 2, 3], 16]);
    expect(data.buffer).toBe(good.buffer);
    expect([...data]).toEqual([...bytes(12)]);
  });

  it.each([
    ['an empty file', Buffer.alloc(0), /ends after 0 bytes, inside its first four \(byte 0\)/],
    ['another format', Buffer.from('PNG12345'), /begins with 50 4e, and an IDX file with 00 00 \(byte 0\)/],
    [
      'floats',
      idx([1, 1, 1], Buffer.alloc(4), 13),
      /holds 32-bit floats, and only unsigned bytes \(08\) are read \(byte 2\)/,
    ],
    ['an unknown type', idx([1, 1, 1], Buffer.alloc(4), 0xee), /elements of unknown type ee/],
    ['labels for images', idx([4], bytes(4)), /has 1 dimensions instead of 3 or 4 \(byte 3\)/],
    ['a header cut short', good.subarray(0, 11), /ends inside its 3 dimensions \(byte 11\)/],
    ['data cut short', good.subarray(0, 27), /claims \[2, 2, 3\], 12 bytes, and 11 follow \(byte 27\)/],
    ['bytes too many', Buffer.concat([good, Buffer.alloc(2)]), /12 bytes, and 2 more follow \(byte 28\)/],
    ['a header that claims 2^31 images', idx([2 ** 31, 28, 28], bytes(12)), /1683627180032 bytes, and 12 follow/],
    [
      'a header that claims 2^128 bytes',
      idx([2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], bytes(12)),
      /and 12 follow/,
    ],
  ])('refuses %s', (_, file, message) => {
    expect(() => parseIdx(file, 'f', [3, 4])).toThrow(InputError);
    expect(() => parseIdx(file, 'f', [3, 4])).toThrow(message);
  });
});

describe('parseCifar', () => {
  it('puts channels last', () => {
    const { images, labels } = parseCifar(cifar([3, 9]), 'f');
    expect([...labels]).toEqual([3, 9]);
    expect([...images.subarray(0, 6)]).toEqual([0, 10, 20, 1, 11, 21]);
    expect([...images.subarray(3072 + 3 * 1023)]).toEqual([24, 34, 44]);
  });

  it.each([
    ['an empty file', Buffer.alloc(0), /it is empty \(byte 0\)/],
    [
      'a record cut short',
      cifar([1, 2]).subarray(0, 6145),
      /its last record is cut short after 3072 of 3073 bytes \(record 1, byte 6145\)/,
    ],
    ['a label out of range', cifar([1, 10]), /example 1 has label 10 \(byte 3073\), and there are 10 classes, 0 to 9/],
  ])('refuses %s', (_, file, message) => {
    expect(() => parseCifar(file, 'f')).toThrow(InputError);
    expect(() => parseCifar(file, 'f')).toThrow(message);
  });
});

describe('checkLabels', () => {
  it('names file, example and byte', () => {
    const place = { file: 'labels.gz', firstByte: 8, stride: 1 };
    expect(() => checkLabels([0, 9, 200], 10, place)).toThrow(
      'labels.gz: example 2 has label 200 (byte 10), and there are 10 classes, 0 to 9',
    );
    expect(() => checkLabels([-1], 10, place)).toThrow(InputError);
    checkLabels([0, 9], 10, place);
  });
});

describe('inflated', () => {
  const zipped = gzipSync(bytes(5000));

  it('decompresses gzip and leaves other files alone', () => {
    expect(inflated(zipped, 'f')).toEqual(bytes(5000));
    expect(inflated(bytes(10), 'f')).toEqual(bytes(10));
  });

  it('refuses a file that holds more than files of its kind may have, also in several members', () => {
    const member = gzipSync(Buffer.alloc(1000));
    expect(inflated(Buffer.concat([member, member]), 'f.gz', 2000)).toHaveLength(2000);
    for (const bomb of [Buffer.concat([member, member]), gzipSync(Buffer.alloc(10_000_000))])
      expect(() => inflated(bomb, 'f.gz', 1999)).toThrow(/f.gz .*: it decompresses to more than 1999 bytes/);
  });

  it('says what is wrong with a damaged file', () => {
    expect(() => inflated(zipped.subarray(0, 200), 'f.gz')).toThrow(
      /f\.gz is not a whole gzip file of 200 bytes: it is cut short/,
    );
    const flipped = Buffer.from(zipped);
    flipped[flipped.length - 7]! ^= 1;
    expect(() => inflated(flipped, 'f.gz')).toThrow(/incorrect data check; it is damaged/);
    expect(() => inflated(flipped, 'f.gz')).toThrow(InputError);
  });
});

const realName = 'data/mnist/t10k-labels-idx1-ubyte.gz';
/** The labels of real digits, zipped and not; nothing where they are absent. */
const zippedLabels = hasShared(realName) ? [readFileSync(sharedPath(realName))] : [];
const realLabels = zippedLabels.flatMap(file => [file, gunzipSync(file)]);

describe('damaged files', () => {
  it('are read or refused, never anything else', () => {
    const files: readonly [Buffer, (file: Uint8Array) => unknown][] = [
      [idx([3, 2, 2], bytes(12)), file => parseIdx(file, 'f', [3, 4])],
      [idx([5], bytes(5)), file => parseIdx(file, 'f', [1])],
      [cifar([0, 1]), file => parseCifar(file, 'f')],
      [gzipSync(bytes(300)), file => inflated(file, 'f')],
      ...realLabels.map((whole): [Buffer, (file: Uint8Array) => unknown] => [
        whole,
        file => parseIdx(inflated(file, 'f'), 'f', [1]),
      ]),
    ];
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...files), edits, fc.nat(), ([whole, read], changes, cut) => {
        const file = Buffer.from(whole);
        for (const [place, byte] of changes) file[place % (place % 2 === 0 ? 24 : file.length)] = byte;
        for (const part of [file, file.subarray(0, cut % (file.length + 1))]) {
          try {
            read(part);
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});
