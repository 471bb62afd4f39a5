import { describe, expect, it } from 'vitest';
import { vocabulary } from '../../../compiler/1-frontend/vocabulary.ts';
import { nearestName, suggestion } from '../../../compiler/diagnostics/did-you-mean.ts';
import { insteadOf, insteadOfOption } from '../../../compiler/diagnostics/other-libraries.ts';
import { definitionOf, layerKinds } from '../../../compiler/layers/registry.ts';

const names = ['filters', 'kernelSize', 'strides', 'padding'];

describe('nearestName', () => {
  it('finds slips of the pen and of case', () => {
    expect(nearestName('kernelsize', names)).toBe('kernelSize');
    expect(nearestName('kernel_size', names)).toBe('kernelSize');
    expect(nearestName('stride', names)).toBe('strides');
    expect(nearestName('filtres', names)).toBe('filters');
  });

  it('takes short words for slips of the pen only when they hardly differ', () => {
    const layers = ['relu', 'add', 'dense', 'x', 'x1'];
    expect(nearestName('rel', layers)).toBe('relu');
    expect(nearestName('Relu', layers)).toBe('relu');
    expect(nearestName('rleu', layers)).toBe('relu');
    expect(nearestName('desne', layers)).toBe('dense');
    expect(nearestName('dence', layers)).toBe('dense');
    for (const other of ['gelu', 'elu', 'tanh', 'y', 'x2', 'y1']) expect(nearestName(other, layers)).toBeNull();
  });

  it('finds nothing when nothing is near', () => {
    expect(nearestName('activation', names)).toBeNull();
    expect(nearestName('x', [])).toBeNull();
    expect(nearestName('k'.repeat(10_000), names)).toBeNull();
  });
});

describe('words of other libraries', () => {
  it.each([
    ['gelu', 'relu'],
    ['PReLU', 'leakyRelu'],
    ['AvgPool2d', 'averagePool2d'],
    ['GlobalAveragePooling2D', 'poolSize'],
    ['softmax', 'logits'],
    ['maxPooling2d', 'strides'],
    ['BatchNormalization', 'normalize'],
    ['Dropout', 'leave it out'],
    ['concatenate', 'concat'],
    ['conv2dTranspose', 'conv2d'],
    ['Linear', 'dense'],
  ])('says what is done instead of %s', (name, word) => expect(insteadOf(name)).toContain(word));

  it('are none of dualc’s own, and names no word that dualc has not', () => {
    for (const name of vocabulary()) expect(insteadOf(name), name).toBeNull();
    const options = layerKinds().flatMap(kind => Object.keys(definitionOf(kind).options));
    for (const option of [...options, 'epsilon', 'box', 'input', 'output', 'ball', 'name']) {
      expect(insteadOfOption(option), option).toBeNull();
    }
  });

  it('are not guessed', () => {
    for (const name of ['x', 'block', 'constructor', '__proto__', 'toString']) expect(insteadOf(name)).toBeNull();
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
