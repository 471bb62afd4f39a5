import { InvalidArgumentError } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import {
  byteSize,
  nonNegative,
  positive,
  radius,
  radiusOrZero,
  range,
  share,
  wholeNumber,
} from '../../../compiler/cli/number-options.ts';

describe('numbers on the command line', () => {
  it.each([
    ['8/255', 8 / 255],
    ['0.1', 0.1],
    ['.5', 0.5],
    ['1e-3', 0.001],
    ['1.5e-1/3', 0.05],
    ['2', 2],
  ])('reads %s', (text, value) => expect(positive(text)).toBeCloseTo(value, 15));

  it.each(['', '-0.1', 'abc', '0x10', '1/0', '8/', '/255', '1/2/3', 'Infinity', 'NaN', '0', '0/5'])(
    'refuses %j as a radius',
    text => expect(() => positive(text)).toThrow(InvalidArgumentError),
  );

  it.each(['1e-46', '1e-40', '1e39', '1/1e46', '0'])('refuses %s as the radius of a ball', text =>
    expect(() => radius(text)).toThrow(InvalidArgumentError),
  );

  it('reads radii that float32 holds', () => {
    expect(radius('1e-30')).toBe(1e-30);
    expect(radiusOrZero('0')).toBe(0);
    expect(() => radiusOrZero('1e-46')).toThrow(/vanishes in float32/);
  });

  it('reads zero where zero is allowed', () => expect(nonNegative('0')).toBe(0));

  it('reads shares', () => {
    expect(share('10%')).toBeCloseTo(0.1, 15);
    expect(share('0.25')).toBe(0.25);
    for (const text of ['110%', '2', 'x%', '%', '-1%']) expect(() => share(text)).toThrow(InvalidArgumentError);
  });

  it('reads ranges', () => {
    expect(range('0,1')).toEqual([0, 1]);
    expect(range('-1, 2.5')).toEqual([-1, 2.5]);
    for (const text of ['1,0', '0', '0,1,2', 'a,b', ',1', '0,Infinity'])
      expect(() => range(text)).toThrow(InvalidArgumentError);
  });

  it('reads sizes', () => {
    expect(byteSize('1GiB')).toBe(2 ** 30);
    expect(byteSize('1.5kb')).toBe(1500);
    expect(byteSize('800MB')).toBe(800e6);
    expect(byteSize('512M')).toBe(512e6);
    expect(byteSize('1024')).toBe(1024);
    for (const text of ['', 'GiB', '1XB', '-1', '0', '0.1B'])
      expect(() => byteSize(text)).toThrow(InvalidArgumentError);
  });

  it('reads whole numbers', () => {
    expect(wholeNumber(1)('12')).toBe(12);
    for (const text of ['0', '1.5', '1e3', '', '-2', '99999999999999999999']) {
      expect(() => wholeNumber(1)(text)).toThrow(InvalidArgumentError);
    }
  });
});
