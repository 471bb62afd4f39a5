import { describe, expect, it } from 'vitest';
import { nearestName, suggestion } from '../../../compiler/diagnostics/did-you-mean.ts';

const names = ['filters', 'kernelSize', 'strides', 'padding'];

describe('nearestName', () => {
  it('finds slips of the pen and of case', () => {
    expect(nearestName('kernelsize', names)).toBe('kernelSize');
    expect(nearestName('kernel_size', names)).toBe('kernelSize');
    expect(nearestName('stride', names)).toBe('strides');
    expect(nearestName('filtres', names)).toBe('filters');
  });

  it('finds nothing when nothing is near', () => {
    expect(nearestName('activation', names)).toBeNull();
    expect(nearestName('x', [])).toBeNull();
    expect(nearestName('k'.repeat(10_000), names)).toBeNull();
  });
});

describe('suggestion', () => {
  it('asks about a near name, else lists a few', () => {
    expect(suggestion('kernelsize', names)).toBe('did you mean `kernelSize`?');
    expect(suggestion('activation', ['a', 'b'])).toBe('known here: `a`, `b`');
    expect(
      suggestion(
        'activation',
        Array.from({ length: 20 }, (_, index) => `name${index}`),
      ),
    ).toBe('');
  });
});
