import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { box, radius, wholeNumber } from '../../../runtime/border/argument-schemas.ts';
import { checkArgument } from '../../../runtime/border/check-argument.ts';
import { showValue } from '../../../runtime/border/show-value.ts';
import { InputError } from '../../../runtime/errors.ts';
import { trainSettingsSchema } from '../../../runtime/train/settings-schema.ts';
import { useBackend } from '../../support/run-on-backend.ts';
import { toySettings } from '../../support/toy-run.ts';

// The rows below are made before any test begins.
await useBackend('cpu');

const schema = v.strictObject({ epsilon: radius, batch: v.optional(wholeNumber(1), 7) }, 'it needs an object');
const refusal = (given: unknown, by: v.GenericSchema = schema): string => {
  try {
    checkArgument(by, given, 'f: options');
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  return expect.fail('nothing was refused');
};

describe('checkArgument', () => {
  it('fills in defaults', () => expect(checkArgument(schema, { epsilon: 1 }, 'f')).toEqual({ epsilon: 1, batch: 7 }));

  it('names what is unknown, and what was probably meant', () => {
    expect(refusal({ epsilonn: 0.1, epsilon: 0.1 })).toBe(
      `f: options has no 'epsilonn'; did you mean "epsilon"?; it may have epsilon, batch`,
    );
    expect(
      refusal({ ...toySettings, optimizer: { ...toySettings.optimizer, momentun: 1 } }, trainSettingsSchema),
    ).toMatch(/^f: options\.optimizer has no 'momentun'.*it may have kind, weightDecay/);
  });

  it('says of what is missing what it should have been', () => {
    expect(refusal({})).toBe(
      'f: options.epsilon is missing: a radius is a number above 0, in the units of the input: 0.1, 8 / 255',
    );
    expect(refusal(undefined)).toBe('f: options is missing: it needs an object');
  });

  it('says everything that is wrong, each with its value', () => {
    expect(refusal({ epsilon: Number.NaN, batch: 0 }).split('\n')).toEqual([
      'f: options.epsilon is NaN: a radius is a finite number above 0: 0.1, 8 / 255',
      'f: options.batch is 0: it needs a whole number, at least 1',
    ]);
    expect(refusal({ ...toySettings, epsilon: { from: 0, to: -1, epochs: 2 } }, trainSettingsSchema)).toMatch(
      /^f: options\.epsilon\.to is -1: a radius/,
    );
    expect(refusal([1, 0], box)).toBe('f: options is [1, 0]: it needs two finite numbers, the smaller first, or null');
  });
});

describe('showValue', () => {
  it.each([
    [undefined, 'missing'],
    [null, 'null'],
    ['x'.repeat(80), `"${'x'.repeat(60)}"…`],
    [{ a: 1 }, 'an object'],
    [() => 1, 'a function'],
    [new Float32Array(3), 'a Float32Array of 3 numbers'],
    [new Int32Array(3), 'an Int32Array of 3 numbers'],
    [Symbol('s'), 'Symbol(s)'],
    [Object.create(null), 'an object'],
    [tf.tensor2d([1, 2], [1, 2]), 'a float32 tensor [1, 2]'],
  ])('%s', (value, shown) => expect(showValue(value)).toBe(shown));
});
