/** Checkpoints that real torch wrote (`fixtures/make-fixtures.py`), and what torch says of them. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export interface ExpectedTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: readonly (number | string)[];
}

export type ExpectedTensors = Readonly<Record<string, ExpectedTensor>>;

interface Expected {
  readonly net: {
    readonly tensors: ExpectedTensors;
    readonly x: readonly number[];
    readonly logits: readonly number[];
  };
  readonly stages: readonly ExpectedTensors[];
  readonly odd: ExpectedTensors;
  readonly types: ExpectedTensors;
}

export const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

export const fixtureBytes = (name: string): Promise<Buffer> => readFile(fixture(name));

export const expected: Expected = JSON.parse(readFileSync(fixture('expected.json'), 'utf8'));
