import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeIdentifier, unused } from '../../../compiler/7-emit/safe-identifier.ts';
import { identifier } from '../../../compiler/7-emit/safe-text.ts';

/** Whether strict code takes the name for a variable and for a parameter. */
function isUsable(name: string): boolean {
  try {
    new Function(`'use strict'; const ${name} = 1; return (async (${name}2) => ${name})`);
    new Function(`'use strict'; return (async (${name}) => ${name})`);
    return true;
  } catch {
    return false;
  }
}

describe('safeIdentifier', () => {
  it.each([
    ['gradient of the slope', 'gradientOfTheSlope'],
    ['conv-1', 'conv1'],
    ['a.b', 'aB'],
    ['relu_1', 'relu1'],
    ['Relu', 'relu'],
    ['1x1', '_1x1'],
    ['default', 'default_'],
    ['await', 'await_'],
    ['arguments', 'arguments_'],
    ['constructor', 'constructor'],
    ['__proto__', 'proto'],
    ['größe', 'grE'],
    ['層', 'value'],
    ['', 'value'],
    ["it's */ `1`\n", 'itS1'],
  ])('makes %j into %s', (words, name) => {
    expect(safeIdentifier(words)).toBe(name);
  });

  it('gives a usable name for any text, and for every reserved word', () => {
    const words = `abstract as async await break case catch class const continue debugger default delete do else enum eval
      export extends false finally for from function get if implements import in instanceof interface let new null of package
      private protected public return set static super switch this throw true try type typeof undefined var void while with yield arguments`;
    for (const word of words.split(/\s+/)) expect([word, isUsable(safeIdentifier(word))]).toEqual([word, true]);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => isUsable(safeIdentifier(text))));
    fc.assert(fc.property(fc.string(), text => isUsable(safeIdentifier(text))));
  });
});

describe('unused', () => {
  it('counts up until the name is new', () => {
    const taken = new Set<string>();
    const names = ['dual', 'dual', 'dual', 'relu1', 'relu1', 'dual2', 'relu1_2'].map(name =>
      unused(identifier(name), taken),
    );
    expect(names).toEqual(['dual', 'dual2', 'dual3', 'relu1', 'relu1_2', 'dual2_2', 'relu1_2_2']);
    expect(taken.size).toBe(names.length);
  });
});
