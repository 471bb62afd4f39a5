import { describe, expect, it } from 'vitest';
import { wantedName } from '../../../compiler/7-emit/name-values.ts';

const layers = new Set(['relu1', 'conv1', 'conv2']);
const nameIn = (title: string, layer: string | null, role: string): string =>
  wantedName(role, layer, title, name => layers.has(name));

describe('the name of a value', () => {
  it('puts the layer first, unless the function is about it', () => {
    expect(nameIn('bounds:relu1', 'relu1', 'lower')).toBe('lower');
    expect(nameIn('gradient:bounds:relu1', 'relu1', 'lower gradient')).toBe('lowerGradient');
    expect(nameIn('back from relu1', 'relu1', 'norm')).toBe('norm');
    expect(nameIn('bounds:relu1', 'conv1', 'centre')).toBe('conv1Centre');
    expect(nameIn('bounds:relu1', null, 'band radius')).toBe('bandRadius');
  });

  it('says of a dual whose output carries it, whatever layer made it', () => {
    expect(nameIn('margins', 'conv2', 'dual of relu1')).toBe('dualOfRelu1');
    expect(nameIn('gradient:margins', 'conv2', 'dual of relu1 gradient')).toBe('dualOfRelu1Gradient');
  });

  it('avoids words of the language', () => {
    expect(nameIn('main', null, 'default')).toBe('default_');
  });

  it('calls the gradient of a value of another layer after that layer', () => {
    expect(nameIn('gradient:margins', 'relu1', 'conv1 slope gradient')).toBe('conv1SlopeGradient');
    expect(nameIn('gradient:bounds:conv1', 'relu1', 'conv1 slope gradient')).toBe('slopeGradient');
  });
});
