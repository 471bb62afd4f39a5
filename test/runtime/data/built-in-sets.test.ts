import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { examplesOf } from '../../../runtime/data/dataset.ts';
import { loadDigits } from '../../../runtime/data/digits.ts';
import { checkTrainTestOverlap } from '../../../runtime/data/lineage.ts';
import { loadDataset } from '../../../runtime/data/load-dataset.ts';
import { twoMoons } from '../../../runtime/data/two-moons.ts';
import { hasShared, sharedPath } from '../../support/shared-data.ts';

const prints = (images: Uint8Array | Float32Array, size: number): string[] =>
  Array.from({ length: images.length / size }, (_, at) =>
    createHash('sha256')
      .update(images.subarray(at * size, (at + 1) * size))
      .digest('hex'),
  );

describe('digits', () => {
  it.skipIf(!hasShared('data/mnist'))(
    'are the first 10,000 training images of MNIST, byte for byte, each once',
    async () => {
      const parts = await Promise.all([loadDigits('train'), loadDigits('test')]);
      expect(parts.map(({ count }) => count)).toEqual([8_000, 2_000]);
      const mnist = await loadDataset(sharedPath('data/mnist'), { split: 'train', limit: 10_000 });
      const labelled = (images: Uint8Array | Float32Array, labels: Int32Array) =>
        prints(images, 784).map((print, at) => `${print} ${labels[at]}`);
      const digits = parts.flatMap(({ images, labels }) => labelled(images, labels));
      expect(digits.sort()).toEqual(labelled(mnist.images, mnist.labels).sort());
    },
  );

  it('are shuffled the same way each time, all classes in both parts', async () => {
    const [first, again] = [await loadDigits('test'), await loadDigits('test')];
    expect([prints(first.images, 784), [...first.labels]]).toEqual([prints(again.images, 784), [...again.labels]]);
    const counts = Array.from({ length: 10 }, (_, digit) => first.labels.filter(label => label === digit).length);
    // 2,000 drawn from classes of 863 to 1,127: 200 each, give or take four standard deviations of 13.
    for (const count of counts) expect(Math.abs(count - 200)).toBeLessThan(80);
    expect(first.lineage).toBe('digits/test');
  });
});

describe('two-moons', () => {
  it('lie in the unit square, half in each class, and are the same each time', () => {
    for (const split of ['train', 'test'] as const) {
      const moons = twoMoons(split);
      expect(prints(moons.images, 2)).toEqual(prints(twoMoons(split).images, 2));
      expect(moons.labels.reduce((sum, label) => sum + label, 0)).toBe(moons.count / 2);
      expect(moons.images.every(value => value > 0 && value < 1)).toBe(true);
    }
    const train = new Set(prints(twoMoons('train').images, 2));
    expect(prints(twoMoons('test').images, 2).filter(print => train.has(print))).toEqual([]);
  });

  it('are told apart by the nearest neighbour but not by a straight line', async () => {
    const [train, test] = await Promise.all(
      (['train', 'test'] as const).map(split => loadDataset('two-moons', { split })),
    );
    const near = (x: number, y: number): number => {
      let best = Number.POSITIVE_INFINITY;
      let label = -1;
      for (let at = 0; at < train!.count; at++) {
        const distance = (train!.images[2 * at]! - x) ** 2 + (train!.images[2 * at + 1]! - y) ** 2;
        if (distance < best) [best, label] = [distance, train!.labels[at]!];
      }
      return label;
    };
    const { values, labels } = examplesOf(test!);
    const points = Array.from(labels, (label, at) => ({ label, x: values[2 * at]!, y: values[2 * at + 1]! }));
    expect(points.filter(({ label, x, y }) => near(x, y) !== label).length).toBeLessThan(10);
    const wrong = (angle: number, shift: number): number =>
      points.filter(
        ({ label, x, y }) => Number((x - 0.5) * Math.cos(angle) + (y - 0.5) * Math.sin(angle) > shift) !== label,
      ).length;
    const lines = Array.from({ length: 36 }, (_, a) =>
      Array.from({ length: 21 }, (_, s) => wrong((a * Math.PI) / 18, (s - 10) / 40)),
    );
    expect(Math.min(...lines.flat())).toBeGreaterThan(50);
  });
});

describe('checkTrainTestOverlap', () => {
  it.each([
    ['mnist/train', 'digits/test', /first 10,000 training images of MNIST: it has seen them/],
    ['digits/train', 'mnist/train', /it has seen them/],
    ['digits/train', 'digits/train', /trained on these very examples/],
    ['images-00', 'images-00', /trained on these very examples/],
  ])('%s, then %s: says so', (trainedOn, testedOn, message) => {
    expect(checkTrainTestOverlap(trainedOn, testedOn)).toMatch(message);
  });

  it.each([
    ['mnist/train', 'mnist/test'],
    ['digits/train', 'digits/test'],
    ['digits/train', 'mnist/test'],
    ['fashion-mnist/train', 'digits/test'],
  ])('%s, then %s: is fine', (trainedOn, testedOn) => {
    expect(checkTrainTestOverlap(trainedOn, testedOn)).toBeNull();
  });
});
