import { InvalidArgumentError } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import {
  byteSize,
  nonNegative,
  numberWithin,
  positive,
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

  it.each(['1e-46', '1e-38', '1e39', '1/1e300'])('refuses %s, which float32 does not hold, as a radius', text =>
    expect(() => positive(text)).toThrow(/float32, which holds numbers from 1.2e-38 to 3.4e\+38/),
  );

  it('keeps numbers within their limits', () => {
    const momentum = numberWithin({ below: 1 });
    expect([momentum('0'), momentum('0.9')]).toEqual([0, 0.9]);
    for (const text of ['1', '2', '-0.1', 'x']) expect(() => momentum(text)).toThrow(InvalidArgumentError);
    expect(() => momentum('2')).toThrow('It must be at least 0 and below 1.');
    const rate = numberWithin({ above: 0, most: 100 });
    expect(rate('100')).toBe(100);
    for (const text of ['0', '100.1']) expect(() => rate(text)).toThrow('It must be larger than 0 and at most 100.');
    expect(wholeNumber(2, 10)('10')).toBe(10);
    expect(() => wholeNumber(2, 10)('11')).toThrow('at least 2, at most 10');
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
    for (const text of ['1,0', '0', '0,1,2', 'a,b', ',1', '0,Infinity', '0,1e-320', '-1e300,0', '1,1.00000001'])
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
