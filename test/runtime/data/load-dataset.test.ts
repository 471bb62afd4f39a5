import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDatasetFits, examplesOf } from '../../../runtime/data/dataset.ts';
import { type DatasetOptions, loadDataset } from '../../../runtime/data/load-dataset.ts';
import { InputError } from '../../../runtime/errors.ts';
import { hasShared, sharedPath } from '../../support/shared-data.ts';
import { bytes, cifar, idx } from './small-files.ts';

let folder: string;
const before = process.cwd();
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'dualc-data-'));
  // `./data` is looked into: the caller may have one.
  await mkdir(path.join(folder, 'here'));
  process.chdir(path.join(folder, 'here'));
});
afterEach(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true, force: true });
});

async function put(name: string, data: Uint8Array): Promise<void> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, data);
}

const images = idx(
  [3, 2, 2],
  bytes(12, at => 20 * at),
);
const labels = idx([3], Buffer.from([0, 4, 2]));
/** An environment without the caller's own data. */
const bare = (more: Record<string, string> = {}) => ({
  HOME: path.join(folder, 'home'),
  XDG_DATA_DIRS: path.join(folder, 'share'),
  ...more,
});
const train = (options: Partial<DatasetOptions> = {}): DatasetOptions => ({ split: 'train', env: bare(), ...options });

async function refusal(nameOrFolder: string, options: DatasetOptions): Promise<string> {
  const error: unknown = await loadDataset(nameOrFolder, options).then(
    () => expect.fail('nothing was refused'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  return String(error);
}

describe('a folder', () => {
  it('of IDX files, zipped or not', async () => {
    await put('train-images-idx3-ubyte', images);
    await put('train-labels-idx1-ubyte.gz', gzipSync(labels));
    const dataset = await loadDataset(folder, train());
    expect(dataset).toMatchObject({ split: 'train', count: 3, shape: [2, 2, 1], classes: 5 });
    expect(dataset.files.map(file => path.basename(file))).toEqual([
      'train-images-idx3-ubyte',
      'train-labels-idx1-ubyte.gz',
    ]);
    const { values, labels: batch } = examplesOf(dataset, 1, 3);
    expect(values).toEqual(Float32Array.from([80, 100, 120, 140, 160, 180, 200, 220], byte => byte / 255));
    expect([...batch]).toEqual([4, 2]);
  });

  it('of CIFAR batches, joined in order, each read once', async () => {
    await put('data_batch_2.bin', cifar([5]));
    await put('data_batch_1.bin.gz', gzipSync(cifar([7, 8])));
    await put('data_batch_2.bin.gz', gzipSync(cifar([5])));
    await put('test_batch.bin', cifar([1]));
    const dataset = await loadDataset(folder, train());
    expect(dataset).toMatchObject({ count: 3, shape: [32, 32, 3], classes: 10 });
    expect([...dataset.labels]).toEqual([7, 8, 5]);
    expect((await loadDataset(folder, { split: 'test' })).count).toBe(1);
  });

  it('as torchvision and the archives leave it', async () => {
    await put('raw/t10k-images-idx3-ubyte', images);
    await put('raw/t10k-labels-idx1-ubyte', labels);
    expect((await loadDataset(folder, { split: 'test' })).count).toBe(3);
    await put('x/cifar-10-batches-bin/test_batch.bin', cifar([1]));
    expect((await loadDataset(path.join(folder, 'x'), { split: 'test' })).count).toBe(1);
  });

  it('cut to a limit', async () => {
    await put('test-images-idx3-ubyte', images);
    await put('test-labels-idx1-ubyte', labels);
    const dataset = await loadDataset(folder, { split: 'test', limit: 2 });
    expect([dataset.count, dataset.images.length, [...dataset.labels]]).toEqual([2, 8, [0, 4]]);
    expect((await loadDataset(folder, { split: 'test', limit: 9 })).count).toBe(3);
    expect(await refusal(folder, { split: 'test', limit: 0 })).toMatch(
      /options\.limit is 0: it needs a whole number, at least 1/,
    );
  });

  it('is refused when images and labels do not belong together', async () => {
    await put('train-images-idx3-ubyte', images);
    expect(await refusal(folder, train())).toMatch(
      /holds the images of the train part \(train-images-idx3-ubyte\) but not its labels/,
    );
    await put('train-labels-idx1-ubyte', idx([2], bytes(2)));
    expect(await refusal(folder, train())).toMatch(
      /train-images-idx3-ubyte holds 3 images \(byte 4\), and .*train-labels-idx1-ubyte holds 2 labels \(byte 4\)/,
    );
    await put('train-labels-idx1-ubyte', labels);
    expect(await refusal(folder, train({ classes: 4 }))).toMatch(
      /train-labels-idx1-ubyte: example 1 has label 4 \(byte 9\), and there are 4 classes, 0 to 3/,
    );
    await put('data_batch_1.bin', cifar([1]));
    expect(await refusal(folder, train())).toMatch(/holds both IDX and CIFAR-10 files/);
  });

  it('without images, or a name that is none, gets an error that helps', async () => {
    await put('train-images-idx3-ubyte', idx([0, 28, 28], Buffer.alloc(0)));
    await put('train-labels-idx1-ubyte', idx([0], Buffer.alloc(0)));
    expect(await refusal(folder, train())).toMatch(/holds no pixels: its shape is \[0, 28, 28\]/);
    expect(await refusal(folder, { split: 'test' })).toMatch(
      /holds no test part of a dataset \(it holds the train part\)\. Files looked for: train-images/,
    );
    expect(await refusal('minst', train())).toMatch(
      /no folder minst, and no dataset of that name; did you mean "mnist"\?/,
    );
    expect(await refusal('constructor', train())).toMatch(/no folder constructor/);
    expect(await refusal(path.join(folder, 'train-labels-idx1-ubyte'), train())).toMatch(
      /is a file: a dataset is a folder; certify and attack take a .* by --inputs/,
    );
  });
});

describe('a name', () => {
  const putSet = async (place: string): Promise<void> => {
    await put(`${place}/train-images-idx3-ubyte`, images);
    await put(`${place}/train-labels-idx1-ubyte`, labels);
  };

  it('is looked for in --data-dir, DUALC_DATA, ./data, the cache, the system, in this order', async () => {
    const looked = async (options: Partial<DatasetOptions>) =>
      path.relative(folder, path.dirname((await loadDataset('mnist', train(options))).files[0]!));
    await putSet('share/datasets/mnist');
    expect(await looked({})).toBe('share/datasets/mnist');
    await putSet('home/.cache/dualc/mnist');
    expect(await looked({})).toBe('home/.cache/dualc/mnist');
    await putSet('here/data/mnist');
    expect(await looked({})).toBe(path.relative(folder, 'data/mnist'));
    await putSet('second/mnist');
    const env = bare({ DUALC_DATA: [path.join(folder, 'first'), path.join(folder, 'second')].join(path.delimiter) });
    expect(await looked({ env })).toBe('second/mnist');
    await putSet('own/MNIST/raw');
    expect(await looked({ env, dataDir: path.join(folder, 'own') })).toBe('own/MNIST/raw');
    expect(await looked({ env, dataDir: path.join(folder, 'second/mnist') })).toBe('second/mnist');
    expect((await loadDataset('mnist', train({ env }))).lineage).toBe('mnist/train');
  });

  it('that is not found says where it was looked for and how to get it', async () => {
    const message = await refusal(
      'fashion-mnist',
      train({ env: bare({ DUALC_DATA: '/nowhere' }), dataDir: '/absent' }),
    );
    expect(message).toMatch(/the train part of fashion-mnist was not found\. Looked in:/);
    const places = [
      '/absent/fashion-mnist',
      '/nowhere/fashion-mnist',
      'data/fashion-mnist',
      '.cache/dualc/fashion-mnist',
      'share/datasets/fashion-mnist',
    ];
    for (const place of places) expect(message).toContain(place);
    expect(message).toMatch(/apt-get install dataset-fashion-mnist.*--data-dir or DUALC_DATA/);
  });

  it('with labels beyond its ten classes is refused', async () => {
    await put('mnist/train-images-idx3-ubyte', images);
    await put('mnist/train-labels-idx1-ubyte', idx([3], Buffer.from([0, 10, 2])));
    expect(await refusal('mnist', train({ dataDir: folder }))).toMatch(/example 1 has label 10 \(byte 9\)/);
  });

  it.skipIf(!hasShared('data/mnist'))('finds the real digits, and refuses them under another name', async () => {
    const dataset = await loadDataset('mnist', train({ dataDir: sharedPath('data') }));
    expect(dataset).toMatchObject({ count: 60_000, shape: [28, 28, 1], classes: 10, lineage: 'mnist/train' });
    expect([...dataset.labels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
    const test = await loadDataset(sharedPath('data/mnist'), { split: 'test' });
    expect(test).toMatchObject({ count: 3_000, lineage: 'mnist/test' });
    await put('fashion-mnist/t10k-images-idx3-ubyte', idx([1, 28, 28], test.images.subarray(0, 784) as Uint8Array));
    await put('fashion-mnist/t10k-labels-idx1-ubyte', idx([1], Buffer.from([7])));
    expect(await refusal('fashion-mnist', { split: 'test', dataDir: folder, env: bare() })).toMatch(
      /does not hold fashion-mnist but mnist\/test/,
    );
  });

  it.skipIf(!hasShared('data/cifar10-jpeg'))('finds real colour images', async () => {
    const dataset = await loadDataset(sharedPath('data/cifar10-jpeg'), { split: 'test', limit: 100 });
    expect(dataset).toMatchObject({ count: 100, shape: [32, 32, 3], classes: 10 });
    // Neighbouring pixels of a photograph are alike in each channel; planes read as pixels would not be.
    const { values } = examplesOf(dataset);
    let differences = 0;
    for (let at = 0; at + 3 < values.length; at++) differences += Math.abs(values[at]! - values[at + 3]!);
    expect(differences / values.length).toBeLessThan(0.08);
  });
});

describe('checkDatasetFits', () => {
  it('compares shapes and labels with the network', async () => {
    await put('test-images-idx3-ubyte', images);
    await put('test-labels-idx1-ubyte', labels);
    const dataset = await loadDataset(folder, { split: 'test' });
    checkDatasetFits(dataset, [2, 2, 1], 5);
    expect(() => checkDatasetFits(dataset, [28, 28, 1], 5)).toThrow(
      /examples of shape \[2, 2, 1\], and the network reads \[28, 28, 1\]/,
    );
    expect(() => checkDatasetFits(dataset, [2, 2, 1], 4)).toThrow(
      /example 1 has label 4, and the network has classes 0 to 3/,
    );
  });
});
