import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../runtime/errors.ts';
import { openCheckpoint } from '../../../runtime/import/open-checkpoint.ts';
import { hasKind, isMap, type PickleValue } from '../../../runtime/import/pickle-value.ts';
import { openTorchLegacy } from '../../../runtime/import/torch-legacy.ts';
import { openTorchZip } from '../../../runtime/import/torch-zip.ts';
import type { Layout } from '../../../runtime/weights/layout.ts';
import { elementsFrom } from '../../../runtime/weights/named-tensor.ts';
import { type ExpectedTensors, expected, fixtureBytes } from './fixture-files.ts';

const kinds = ['zip', 'legacy'] as const;
const options: { layout: Layout } = { layout: 'pytorch' };

async function open(stem: string, kind: (typeof kinds)[number], more: { stage?: number } = {}) {
  const name = `${stem}.${kind}.pth`;
  return openCheckpoint(await fixtureBytes(name), name, { ...options, ...more });
}

async function pickledValue(stem: string, kind: (typeof kinds)[number]): Promise<PickleValue> {
  const bytes = await fixtureBytes(`${stem}.${kind}.pth`);
  return (kind === 'zip' ? await openTorchZip(bytes, 'f') : openTorchLegacy(bytes, 'f')).value;
}

async function expectTensors(
  source: Awaited<ReturnType<typeof open>>,
  wanted: ExpectedTensors,
  floatsOnly = false,
): Promise<void> {
  for (const [name, { shape, values, dtype }] of Object.entries(wanted)) {
    const tensor = source.tensors.find(found => found.name === name);
    expect(tensor?.shape, name).toEqual(shape);
    const floats = await tensor!.floats();
    if (floatsOnly && !/float/.test(dtype)) expect(floats, name).toBeNull();
    else
      expect(Array.from(floats!), name).toEqual(
        values.map(value => Math.fround(value === 'inf' ? Number.POSITIVE_INFINITY : Number(value))),
      );
  }
}

const refusal = async (promise: Promise<unknown>): Promise<string> => {
  const error = await promise.then(
    () => expect.fail('nothing was refused'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  return String(error);
};

describe.each(kinds)('a checkpoint of torch, %s', kind => {
  it('gives the names, shapes and values that torch has', async () => {
    const source = await open('bare', kind);
    expect(source.tensors.map(({ name }) => name)).toEqual(Object.keys(expected.net.tensors));
    expect(source.ordered).toBe(true);
    await expectTensors(source, expected.net.tensors);
  });

  it('of parameters, which are wrapped tensors', async () => {
    const source = await open('parameters', kind);
    await expectTensors(source, expected.net.tensors);
    expect(source.tensors.at(-1)).toMatchObject({ name: '1.num_batches_tracked', shape: [], dtype: 'I64' });
  });

  it('of strided, shared, expanded, empty tensors and every element type', async () => {
    const source = await open('odd', kind);
    expect(source.tensors).toHaveLength(12);
    await expectTensors(source, expected.odd, true);
    expect(source.tensors.map(({ dtype }) => dtype).slice(6)).toEqual(['F16', 'BF16', 'F64', 'I64', 'I32', 'BOOL']);
  });

  it('with bookkeeping beside it keeps that as plain data', async () => {
    const source = await open('wrapped', kind);
    expect(source.tensors[0]!.name).toBe('module.0.weight');
    const value = await pickledValue('wrapped', kind);
    expect(isMap(value) && ['epoch', 'err', 'best', 'steps', 'size'].map(key => value.get(key))).toEqual([
      3.5,
      0.25,
      true,
      2 ** 40,
      [1, 2],
    ]);
  });

  it('of a list asks for the stage, and reads the one chosen', async () => {
    const listing =
      /holds a list of 3; choose one with --stage:\n {2}--stage 1: state dict of 10 tensors, the first "0\.weight" tensor \[3, 2, 2, 3\]\n {2}--stage 2/;
    expect(await refusal(open('stages', kind))).toMatch(listing);
    expect(await refusal(open('stages', kind, { stage: 4 }))).toMatch(/its stage 4 is no state dict:\n {2}--stage 1/);
    for (const stage of [1, 2, 3])
      await expectTensors(await open('stages', kind, { stage }), expected.stages[stage - 1]!);
    expect(await refusal(open('bare', kind, { stage: 1 }))).toMatch(
      /--stage chooses from a list of state dicts, and there is one state dict of 10 tensors/,
    );
  });

  it('that calls os.system is refused by name', async () => {
    expect(await refusal(open('exploit', kind))).toMatch(
      /asks for "posix\.system".*refused and nothing was executed.*\(byte \d+\)/,
    );
  });

  it('cut anywhere is refused', async () => {
    const whole = await fixtureBytes(`bare.${kind}.pth`);
    for (let length = 0; length < whole.length; length += 37) {
      await refusal(openCheckpoint(whole.subarray(0, length), 'f', options));
    }
  });

  it('damaged anywhere is refused or read, never anything else', async () => {
    const whole = await fixtureBytes(`odd.${kind}.pth`);
    const edits = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(edits, async changes => {
        const bytes = Buffer.from(whole);
        for (const [place, byte] of changes) bytes[place] = byte;
        try {
          const { tensors } = await openCheckpoint(bytes, 'f', options);
          for (const tensor of tensors) if (tensor.shape.reduce((a, b) => a * b, 1) < 1e6) await tensor.floats();
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the zip format', () => {
  it('refuses a whole pickled module by the name of its class', async () => {
    expect(await refusal(open('module', 'zip'))).toMatch(/^InputError: module\.zip\.pth, entry \S+\/data\.pkl: /);
    expect(await refusal(open('module', 'zip'))).toMatch(
      /asks for "torch\.nn\.modules\.container\.Sequential".*whole pickled module.*state_dict\(\)/,
    );
  });

  it('notices one flipped bit of a weight', async () => {
    const bytes = await fixtureBytes('bare.zip.pth');
    const torch = await openTorchZip(bytes, 'f');
    const weights = torch.value;
    const tensor = isMap(weights) ? weights.get('0.weight') : undefined;
    if (!hasKind(tensor, 'tensor')) return expect.fail('the fixture has no tensor 0.weight');
    const place = bytes.indexOf(Buffer.from(await torch.bytesOf(tensor.storage)));
    bytes[place + 9]! ^= 4;
    const damaged = await openTorchZip(bytes, 'f');
    expect(await refusal(damaged.bytesOf(tensor.storage))).toMatch(
      /entry \S+\/data\/0 is corrupt: its CRC-32 is [0-9a-f]{8} instead of [0-9a-f]{8}/,
    );
    expect(await refusal(damaged.bytesOf({ ...tensor.storage, key: '99' }))).toMatch(
      /data\/99, which a tensor lies in, is missing/,
    );
    expect(await refusal(damaged.bytesOf({ ...tensor.storage, count: 2 ** 31 }))).toMatch(/need 8589934592/);
  });

  it('and other files that are none', async () => {
    const empty = Buffer.from('504b0506000000000000000000000000000000000000', 'hex');
    expect(await refusal(openCheckpoint(empty, 'f', options))).toMatch(/a zip file with 0 entries NAME\/data\.pkl/);
    expect(await refusal(openCheckpoint(await fixtureBytes('plain.pkl'), 'f', options))).toMatch(
      /magic number \(byte 0\)/,
    );
    expect(await refusal(openCheckpoint(Buffer.from('hello'), 'f', options))).toMatch(
      /neither a checkpoint of torch\.save nor a safetensors file/,
    );
    const tar = Buffer.concat([Buffer.alloc(257, 0x61), Buffer.from('ustar\0'), Buffer.alloc(300)]);
    expect(await refusal(openCheckpoint(tar, 'f', options))).toMatch(/tar file/);
  });
});

describe('the older format', () => {
  it('refuses bytes after its end, and counts that do not fit', async () => {
    const bytes = await fixtureBytes('bare.legacy.pth');
    expect(await refusal(openCheckpoint(Buffer.concat([bytes, Buffer.alloc(3)]), 'f', options))).toMatch(
      new RegExp(`3 bytes follow the last storage \\(byte ${bytes.length}\\)`),
    );
    const torch = openTorchLegacy(bytes, 'f');
    const state = torch.value;
    const tensor = isMap(state) ? state.get('9.bias') : undefined;
    if (!hasKind(tensor, 'tensor')) return expect.fail('the fixture has no tensor 9.bias');
    const values = await torch.bytesOf(tensor.storage);
    expect([...(elementsFrom('F32', values) as Float32Array)]).toEqual(
      expected.net.tensors['9.bias']!.values.map(Number),
    );
    const count = bytes.indexOf(Buffer.from(values)) - 8;
    bytes[count + 7] = 0x7f;
    expect(await refusal(openCheckpoint(bytes, 'f', options))).toMatch(
      new RegExp(`elements that should have 5 \\(byte ${count}\\)`),
    );
  });
});
