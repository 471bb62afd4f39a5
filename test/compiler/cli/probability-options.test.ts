import { InvalidArgumentError } from '@commander-js/extra-typings';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drawsOfMean, probability, probabilitySizes } from '../../../compiler/cli/probability-options.ts';
import { UsageError } from '../../../compiler/cli/usage-error.ts';
import { makeWorkplace, smallArchitecture, type Workplace } from '../../support/command-line.ts';

const names = { projections: '--projections', estimators: '--estimators' };

describe('a probability on the command line', () => {
  it.each([
    ['0.99', 0.99],
    ['.5', 0.5],
    ['99%', 0.99],
    ['99.9%', 0.999],
  ])('reads %s', (text, value) => expect(probability(text)).toBeCloseTo(value, 12));

  it.each(['0', '1', '2', '100%', '0%', '-0.5', 'most', '', '0.9999999999999', 'NaN', '1/2'])('refuses %j', text =>
    expect(() => probability(text)).toThrow(InvalidArgumentError),
  );

  it('takes powers of two for the draws of a mean, and names the nearest', () => {
    expect([drawsOfMean('1'), drawsOfMean('256'), drawsOfMean('65536')]).toEqual([1, 256, 65_536]);
    expect(() => drawsOfMean('200')).toThrow(/a power of two.* 256 is near/);
    for (const text of ['0', '-4', '3', '2.5', 'x', '131072'])
      expect(() => drawsOfMean(text), text).toThrow(/power of two/);
  });

  it('comes with sizes of its own, and 1 − 0.99 is 0.01', () => {
    expect(probabilitySizes({ probability: 0.99 }, names)).toEqual({ delta: 0.01, projections: 256, estimators: 1 });
    expect(probabilitySizes({ probability: 0.9, projections: 64, estimators: 3 }, names)).toEqual({
      ...{ delta: 0.1, projections: 64, estimators: 3 },
    });
    expect(probabilitySizes({}, names)).toBeUndefined();
    expect(() => probabilitySizes({ projections: 64 }, names)).toThrow(UsageError);
    expect(() => probabilitySizes({ estimators: 2 }, names)).toThrow(
      /--estimators is for the estimates of --probability/,
    );
  });
});

describe('dualc compile and explain --probability', () => {
  let place: Workplace;
  beforeEach(() => {
    place = makeWorkplace();
    place.write('net.arch.ts', smallArchitecture);
  });
  afterEach(() => place.remove());

  it('write it into the module, with the command that makes it again', async () => {
    const flags = ['--probability', '0.9', '--certify-projections', '16', '--certify-estimators', '2'];
    const { code } = await place.dualc(['compile', 'net.arch.ts', ...flags]);
    expect(code).toBe(0);
    const text = place.read('net.dual.ts').replaceAll(/\n\/\/ +/g, ' ');
    expect(text).toContain(
      'dualc compile net.arch.ts --probability 0.9 --certify-projections 16 --certify-estimators 2`',
    );
    expect(text).toMatch(/proof: \{\s+kind: 'probability', delta: 0\.1,.*\s*.*estimates: 32/);
    expect(text).toContain('relu2: a sketch with a tail bound, the largest of 2 means of 16 projections');
    expect(text).toMatch(/export function margins\([^)]*key: RandomKey,?\s*\)/);
    expect(text).toContain("cauchyNoise(key, 'image for relu2'");
  });

  it('say what holds with what probability', async () => {
    const { out } = await place.dualc(['explain', 'net.arch.ts', '--schedule', '--probability', '99%']);
    expect(out).toMatch(
      /SCHEDULE TO CERTIFY \(with probability 0\.99: 32 estimates for each example, enlarged by 1\.\d+\)/,
    );
  });

  it.each([
    [['--probability', '1'], 'above 0 and below 1'],
    [['--probability', '0.9', '--certify-projections', '100'], 'a power of two'],
    [['--certify-projections', '128'], '--certify-projections is for the estimates of --probability'],
    [['--probability', '0.9', '--bounds', 'interval'], '--probability estimates every bound that has no closed form'],
  ])('refuse %j', async (flags, message) => {
    for (const command of ['compile', 'explain']) {
      const { code, err } = await place.dualc([command, 'net.arch.ts', ...flags]);
      expect({ code, out: err.includes(message) ? message : err }).toEqual({ code: 2, out: message });
    }
  });
});
