import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../../runtime/errors.ts';
import { floatsOf, integersOf } from '../../../runtime/weights/float-values.ts';
import { parseSafetensors } from '../../../runtime/weights/parse-safetensors.ts';
import { readSafetensors } from '../../../runtime/weights/read-safetensors.ts';
import { expected, fixture, fixtureBytes } from '../import/fixture-files.ts';

/** A file with the given header text and data. */
function fileOf(header: string, data: Uint8Array = new Uint8Array()): Buffer {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

const entry = (dtype: string, shape: string, begin: number, end: number): string =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`;

const read = (bytes: Uint8Array) => parseSafetensors(bytes, 'w.safetensors');

describe('readSafetensors', () => {
  it('reads every element type that the reference library writes', async () => {
    const { tensors, metadata } = await readSafetensors(fixture('types.safetensors'));
    expect(metadata).toEqual({ note: 'é' });
    for (const [name, { shape, values }] of Object.entries(expected.types)) {
      const tensor = tensors.get(name)!;
      expect(tensor.shape, name).toEqual(shape);
      const numbers = floatsOf(tensor.dtype, tensor.data) ?? integersOf(tensor.dtype, tensor.data);
      expect(Array.from(numbers!), name).toEqual(
        tensor.dtype === 'F64' ? values.map(value => Math.fround(Number(value))) : values,
      );
    }
    expect(tensors.get('i64')!.data).toEqual(BigInt64Array.of(-(2n ** 60n), 3n));
    expect(tensors.get('b.f64')!.data).toEqual(Float64Array.of(0.1));
    expect(tensors.size).toBe(12);
  });

  it('reads tensors whose bytes are not aligned, and names of every kind', () => {
    const bytes = fileOf(
      `{"a":${entry('U8', '[1]', 0, 1)},"__proto__":${entry('F32', '[]', 1, 5)}, "é\\n":${entry('U8', '[0]', 5, 5)}}  `,
      Buffer.from([9, 0, 0, 128, 63]),
    );
    const { tensors } = read(bytes);
    expect([...tensors.keys()]).toEqual(['a', '__proto__', 'é\n']);
    expect(tensors.get('__proto__')!.data).toEqual(Float32Array.of(1));
  });

  const two = `"a":${entry('F32', '[2]', 0, 8)},"b":${entry('U8', '[4]', 8, 12)}`;
  const at = (text: string, part: string): number => 8 + Buffer.from(text.slice(0, text.indexOf(part))).length;

  it.each([
    ['an empty file', Buffer.alloc(0), /ends after 0 bytes.*byte 0/],
    [
      'a header longer than the file',
      fileOf('{}').subarray(0, 9),
      /header claims 2 bytes, and the file ends 1 bytes too early \(byte 9\)/,
    ],
    ['a huge header', Buffer.from('ffffffffffffff7f7b7d', 'hex'), /header claims \d+ bytes; at most 100000000/],
    ['something else', fileOf('PK'), /does not begin with \{ \(byte 8\)/],
    ['broken JSON', fileOf('{"a":'), /not JSON/],
    ['broken UTF-8', fileOf('{"a":1}').fill(0xff, 10, 11), /not JSON in UTF-8/],
    [
      'a gap',
      fileOf(`{"a":${entry('U8', '[1]', 0, 1)},"b":${entry('U8', '[1]', 3, 4)}}`, Buffer.alloc(4)),
      /a gap of 2 bytes lies between tensor "a" and tensor "b" \(byte \d+\)/,
    ],
    [
      'a gap at the start',
      fileOf(`{"b":${entry('U8', '[1]', 3, 4)}}`, Buffer.alloc(4)),
      /a gap of 3 bytes lies between the header and tensor "b"/,
    ],
    [
      'an overlap',
      fileOf(`{"a":${entry('U8', '[3]', 0, 3)},"b":${entry('U8', '[2]', 2, 4)}}`, Buffer.alloc(4)),
      /tensor "b" overlaps tensor "a", which ends at byte \d+/,
    ],
    ['data cut short', fileOf(`{${two}}`, Buffer.alloc(11)), /the file ends 1 bytes before the end of tensor "b"/],
    ['bytes too many', fileOf(`{${two}}`, Buffer.alloc(13)), /1 bytes follow tensor "b" and belong to no tensor/],
    ['bytes without tensors', fileOf('{}', Buffer.alloc(3)), /3 bytes follow the header/],
    [
      'a size that does not fit',
      fileOf(`{"a":${entry('F32', '[3]', 0, 8)}}`, Buffer.alloc(8)),
      /tensor "a" has shape \[3\] of F32, 12 bytes, but offsets 0 to 8, 8 bytes/,
    ],
    [
      'a size beyond reason',
      fileOf(`{"a":${entry('F32', '[9007199254740991,9007199254740991]', 0, 8)}}`, Buffer.alloc(8)),
      /tensor "a" has shape/,
    ],
    ['offsets that go back', fileOf(`{"a":${entry('F32', '[0]', 8, 0)}}`, Buffer.alloc(8)), /offsets 8 to 0/],
    [
      'an unknown type',
      fileOf(`{"a":${entry('F8_E4M3', '[1]', 0, 1)}}`, Buffer.alloc(1)),
      /tensor "a" has dtype "F8_E4M3"; known are .*F32/,
    ],
    [
      'a negative dimension',
      fileOf(`{"a":${entry('U8', '[-1]', 0, 1)}}`, Buffer.alloc(1)),
      /no shape of whole numbers/,
    ],
    ['no offsets', fileOf('{"a":{"dtype":"U8","shape":[1]}}', Buffer.alloc(1)), /no pair of data_offsets/],
    ['no type', fileOf('{"a":{"shape":[1],"data_offsets":[0,1]}}', Buffer.alloc(1)), /"a" has no dtype/],
    ['no description', fileOf('{"a":[1]}'), /"a" has no description/],
    [
      'an unknown field',
      fileOf('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"scale":2}}', Buffer.alloc(1)),
      /unknown field "scale"/,
    ],
    [
      'metadata that is not text',
      fileOf('{"__metadata__":{"a":1}}'),
      /__metadata__ is not a map of strings \(byte 9\)/,
    ],
    [
      'a name twice',
      fileOf(`{${two},"a":${entry('U8', '[4]', 8, 12)}}`, Buffer.alloc(12)),
      /the name "a" stands twice in its header/,
    ],
    [
      'a name twice, spelt differently',
      fileOf(`{"a":${entry('U8', '[1]', 0, 1)},"\\u0061":${entry('U8', '[1]', 0, 1)}}`, Buffer.alloc(1)),
      /the name "a" stands twice/,
    ],
    [
      'a field twice',
      fileOf('{"a":{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}}', Buffer.alloc(1)),
      /the name "dtype" stands twice/,
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(InputError);
    expect(() => read(bytes)).toThrow(message);
    expect(() => read(bytes)).toThrow(/^w\.safetensors is not a whole safetensors file: .*\(byte \d+\)$/);
  });

  it('gives the byte of the entry at fault, whatever letters stand before it', () => {
    const header = `{"é":${entry('U8', '[1]', 0, 1)},"b":${entry('XX', '[1]', 1, 2)}}`;
    expect(() => read(fileOf(header, Buffer.alloc(2)))).toThrow(`(byte ${at(header, '"b"')})`);
  });

  it('survives nesting, long names and long lists', () => {
    const deep = '['.repeat(200_000);
    expect(() => read(fileOf(`{"a":${deep}`))).toThrow(InputError);
    expect(() => read(fileOf(`{"a":${deep}${']'.repeat(200_000)}}`))).toThrow(InputError);
    const name = '\\"'.repeat(500_000);
    expect(read(fileOf(`{"${name}":${entry('U8', '[0]', 0, 0)}}`)).tensors.size).toBe(1);
  });

  it('never fails in another way, however the file is damaged', async () => {
    const whole = await fixtureBytes('types.safetensors');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 }),
        fc.nat(whole.length),
        (edits, length) => {
          const bytes = Buffer.from(whole);
          for (const [place, byte] of edits) bytes[place] = byte;
          for (const part of [bytes, bytes.subarray(0, length)]) {
            try {
              read(part);
            } catch (error) {
              expect(error).toBeInstanceOf(InputError);
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('readSafetensors on disk', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'dualc-weights-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('says why a file cannot be read', async () => {
    await expect(readSafetensors(path.join(folder, 'absent'))).rejects.toThrow(
      /cannot read .*absent: it does not exist/,
    );
    await expect(readSafetensors(folder)).rejects.toThrow(/it is a folder/);
    await writeFile(path.join(folder, 'file'), '');
    await expect(readSafetensors(path.join(folder, 'file', 'x'))).rejects.toThrow(InputError);
  });
});
