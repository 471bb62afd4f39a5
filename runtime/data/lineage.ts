/** Which real examples a dataset holds, so that a network is never tested unawares on what it was trained on. */
import { createHash } from 'node:crypto';
import type { Split } from './dataset.ts';

/** First 16 hexadecimal digits of the SHA-256 of the first image, computed from the published files. */
const known: Readonly<Record<string, string>> = {
  '23ceaef5eb61f0e7': 'mnist/train',
  '8f6a418c9a639f9e': 'mnist/test',
  '5bd44e331a6d6998': 'fashion-mnist/train',
  ffc7351ed0f8bae5: 'fashion-mnist/test',
};

/** `mnist/train`, and `images-…` for images not known here; a `name` that the user gave stands in for the unknown. */
export function lineageOf(firstImage: Uint8Array, name: string | null, split: Split): string {
  const print = createHash('sha256').update(firstImage).digest('hex').slice(0, 16);
  return known[print] ?? (name === null ? `images-${print}` : `${name}/${split}`);
}

/** The set that a lineage belongs to: `mnist` of `mnist/train`. */
export const familyOf = (lineage: string): string => lineage.split('/')[0]!;

/**
 * What is wrong with testing on `testedOn` a network trained on `trainedOn` (both `Dataset.lineage`), in a sentence to
 * print; null when the examples are different ones.
 */
export function checkTrainTestOverlap(trainedOn: string, testedOn: string): string | null {
  if (trainedOn === testedOn) {
    return `the network was trained on these very examples (${testedOn}): the figures say nothing about new ones`;
  }
  const digits = [trainedOn, testedOn].find(lineage => familyOf(lineage) === 'digits');
  if (digits === undefined || ![trainedOn, testedOn].includes('mnist/train')) return null;
  return (
    `the network was trained on ${trainedOn} and is tested on ${testedOn}, but the 10,000 images of digits are the first ` +
    '10,000 training images of MNIST: it has seen them. Test it on mnist instead'
  );
}
