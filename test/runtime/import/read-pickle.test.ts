import fc from 'fast-check';
import { Parser } from 'pickleparser';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../runtime/errors.ts';
import { ByteCursor } from '../../../runtime/import/byte-cursor.ts';
import type { PickleValue } from '../../../runtime/import/pickle-value.ts';
import { readPickle } from '../../../runtime/import/read-pickle.ts';
import { fixtureBytes } from './fixture-files.ts';

/** A pickle from opcodes and raw bytes; STOP is added. */
const pickle = (...parts: (string | readonly number[])[]): Buffer =>
  Buffer.concat(
    [...parts, '.'].map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );

const read = (bytes: Uint8Array): PickleValue => readPickle(new ByteCursor(bytes, 'p.pkl')).value;

describe('readPickle', () => {
  it('reads a plain pickle of protocol 5 as a second reader does', async () => {
    const bytes = await fixtureBytes('plain.pkl');
    expect(read(bytes)).toEqual(new Map([['a', [1, 2]]]));
    expect(new Parser().parse(bytes)).toEqual({ a: [1, 2] });
  });

  it.each([
    ['None', pickle('N'), null],
    ['truth', pickle('\x88'), true],
    ['a byte', pickle('K', [200]), 200],
    ['a short', pickle('M', [1, 2]), 513],
    ['a negative int', pickle('J', [255, 255, 255, 255]), -1],
    ['an empty long', pickle('\x8a', [0]), 0],
    ['a negative long', pickle('\x8a', [1, 255]), -1],
    ['a long', pickle('\x8a', [2, 0, 128]), -32768],
    ['a long beyond doubles', pickle('\x8a', [8, 1, 0, 0, 0, 0, 0, 0, 64]), 4611686018427387905n],
    ['a float, big-endian', pickle('G', [0x3f, 0xf8, 0, 0, 0, 0, 0, 0]), 1.5],
    ['text', pickle('X', [2, 0, 0, 0, 0xc3, 0xa9]), 'é'],
    ['a string of Python 2', pickle('U', [1, 0xe9]), 'é'],
    ['tuples', pickle('K\x01K\x02\x86K\x03\x85\x86'), [[1, 2], [3]]],
    ['a list', pickle('](K\x01K\x02e'), [1, 2]],
    ['a key __proto__', pickle('}U', [9], '__proto__', 'K\x01s'), new Map([['__proto__', 1]])],
    ['memory', pickle(']q\x05K\x01ah\x05\x86'), [[1], [1]]],
    [
      'an ordered dictionary',
      pickle('ccollections\nOrderedDict\n)R(U\x01aK\x01U\x01bK\x02u'),
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    ],
    ['one from pairs', pickle('ccollections\nOrderedDict\n](](U\x01aK\x01ee\x85R'), new Map([['a', 1]])],
    ['a size', pickle('ctorch\nSize\nK\x02K\x03\x86\x85R'), [2, 3]],
  ])('reads %s', (_, bytes, value) => {
    expect(read(bytes)).toEqual(value);
  });

  it.each([
    [
      'a command',
      pickle('cposix\nsystem\n', 'U\x02ls\x85R'),
      /asks for "posix\.system".*nothing was executed.*torch\.save\(model\.state_dict\(\), …\) \(byte 0\)/,
    ],
    ['the same in protocol 4', pickle('\x80\x04\x8c\x02os\x8c\x06system\x93'), /asks for "os\.system".*\(byte 14\)/],
    ['a module', pickle('}c__main__\nNet\n'), /whole pickled module.*\(byte 1\)/],
    ['eval', pickle('c__builtin__\neval\n'), /"__builtin__\.eval"/],
    ['a prototype as a name', pickle('c__proto__\nx\n'), /"__proto__\.x"/],
    ['a storage called as a function', pickle('ctorch\nFloatStorage\n)R'), /torch\.FloatStorage is not a function/],
    ['a call of a number', pickle('K\x01)R'), /calls something that is no function \(byte 3\)/],
    ['attributes of a list', pickle(']}b'), /sets attributes of something that is no dictionary/],
    ['a reference to a module', pickle('(U\x06moduleK\x01tQ'), /a reference to something that is no storage/],
    ['an unknown opcode', pickle('K\x01i'), /opcode 0x69, which torch\.save does not write \(byte 2\)/],
    ['a later protocol', pickle('\x80\x09'), /pickle protocol 9; protocols up to 5/],
    [
      'a huge integer',
      Buffer.concat([Buffer.from([0x8b, 0, 0, 6, 0]), Buffer.alloc(400_000)]),
      /an integer of 393216 bytes \(byte 0\)/,
    ],
    ['a negative length', pickle('\x8b', [255, 255, 255, 255]), /an integer of -1 bytes/],
    [
      'text that is too long',
      pickle('X', [255, 255, 255, 127], 'abc'),
      /cut short: 2147483647 bytes are needed, 4 are left/,
    ],
    ['text that is not UTF-8', pickle('X', [1, 0, 0, 0, 0xff]), /not UTF-8/],
    ['an empty stack', pickle('0'), /its stack is empty \(byte 0\)/],
    ['arguments below a mark', pickle('K\x01(0'), /its stack is empty/],
    ['no mark', pickle('K\x01t'), /has no start/],
    ['a memory never stored', pickle('h\x07'), /refers to value 7, which it has not stored/],
    ['an end without STOP', Buffer.from('N'), /cut short: 1 bytes are needed, 0 are left \(byte 1\)/],
    ['a dictionary without a value', pickle('}(K\x01u'), /sets items/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(InputError);
    expect(() => read(bytes)).toThrow(message);
  });

  const storage = '(U\x07storagectorch\nFloatStorage\nU\x010U\x03cpuK\x04tQ';
  const tensor = (offset: string, size: string, stride: string) =>
    pickle(`ctorch._utils\n_rebuild_tensor_v2\n(${storage}${offset}${size}${stride}tR`);

  it('describes a tensor and its storage', () => {
    const { value, storages } = readPickle(new ByteCursor(tensor('K\x01', 'K\x03\x85', 'K\x01\x85'), 'p.pkl'));
    const wanted = { kind: 'storage', dtype: 'F32', key: '0', count: 4 };
    expect(value).toEqual({ kind: 'tensor', storage: wanted, offset: 1, shape: [3], strides: [1] });
    expect([...storages]).toEqual([['0', wanted]]);
  });

  it.each([
    ['beyond its storage', tensor('K\x02', 'K\x03\x85', 'K\x01\x85'), /reaches element 4 of a storage of 4/],
    [
      'with a negative stride',
      tensor('K\x02', 'K\x03\x85', 'J\xff\xff\xff\xff\x85'),
      /malformed storage, offset, size or stride/,
    ],
    ['whose size and stride differ', tensor('K\x00', 'K\x02\x85', ')'), /size and stride differ in length/],
    [
      'of a hundred dimensions',
      tensor('K\x00', `(${'K\x01'.repeat(100)}t`, `(${'K\x01'.repeat(100)}t`),
      /a tensor of 100 dimensions/,
    ],
  ])('refuses a tensor %s', (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(message);
  });

  it('needs neither stack nor memory for nesting and repetition', () => {
    const deep = read(pickle(']'.repeat(300_000), 'a'.repeat(299_999)));
    expect(Array.isArray(deep)).toBe(true);
    const pairs = pickle(
      ']q\x01(',
      '](K\x01K\x02e'.repeat(5_000),
      'e(',
      'ccollections\nOrderedDict\nh\x01\x85R'.repeat(5_000),
      't',
    );
    expect(() => read(pairs)).toThrow(/unpacks the same values over and over/);
  });

  it('reads random data as the second reader does, or refuses it', () => {
    const value: fc.Arbitrary<{ bytes: Buffer; means: unknown }> = fc.letrec(tie => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map(number => {
          const bytes = Buffer.alloc(5, 'J');
          bytes.writeInt32LE(number, 1);
          return { bytes, means: number };
        }),
        fc.double({ noNaN: true }).map(number => {
          const bytes = Buffer.alloc(9, 'G');
          bytes.writeDoubleBE(number, 1);
          return { bytes, means: number };
        }),
        fc.string({ unit: 'grapheme' }).map(text => {
          const length = Buffer.alloc(5, 'X');
          length.writeUInt32LE(Buffer.byteLength(text), 1);
          return { bytes: Buffer.concat([length, Buffer.from(text)]), means: text };
        }),
        fc.array(tie('any')).map(items => ({
          bytes: Buffer.concat([
            Buffer.from(']('),
            ...items.map(item => (item as { bytes: Buffer }).bytes),
            Buffer.from('e'),
          ]),
          means: items.map(item => (item as { means: unknown }).means),
        })),
      ),
    })).any as fc.Arbitrary<{ bytes: Buffer; means: unknown }>;
    fc.assert(
      fc.property(value, ({ bytes, means }) => {
        const whole = Buffer.concat([Buffer.from([0x80, 2]), bytes, Buffer.from('.')]);
        expect(read(whole)).toEqual(means);
        expect(new Parser().parse(whole)).toEqual(means);
      }),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
        try {
          read(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
