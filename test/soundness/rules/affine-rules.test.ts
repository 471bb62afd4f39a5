/** Every function of every affine rule agrees with the layer as an explicit matrix, and a mistake in any of them is seen. */
import { describe, expect, it } from 'vitest';
import type { AffineMap } from '../../../compiler/5-program/affine/affine-map.ts';
import { affineRules } from '../../../compiler/5-program/affine/affine-rules.ts';
import type { ProgramBuilder } from '../../../compiler/5-program/builder.ts';
import { definitionOf, layerKinds } from '../../../compiler/layers/registry.ts';
import type { ValueId } from '../../../compiler/shared/ids.ts';
import { type AnyAffineDefinition, type AnyAffineRule, affineFaults, mapNames } from './affine-faults.ts';
import { layerSamples } from './layer-samples.ts';

const samples = layerSamples(3, 150, 40);
const affine = layerKinds().filter(kind => definitionOf(kind).role === 'affine');
const ruleOf = (kind: string): AnyAffineRule => affineRules[kind as keyof typeof affineRules];
const definition = (kind: string): AnyAffineDefinition => definitionOf(kind) as AnyAffineDefinition;

const faultsOf = (kind: string, rule = ruleOf(kind), own = definition(kind)): Set<string> =>
  new Set((samples.get(kind) ?? []).flatMap(sample => affineFaults(sample, rule, own)));

/** One percent less than it should be. */
const short = (b: ProgramBuilder, value: ValueId): ValueId => b.binary('mul', value, b.constant(0.99));

type Wrong = readonly [what: string, rule: AnyAffineRule, definition: AnyAffineDefinition];

/** A mistake in each function that the rule has, and in each field of the definition that certificates use. */
function mistakesIn(kind: string): Wrong[] {
  const [rule, own] = [ruleOf(kind), definition(kind)];
  const nameOf = (map: AffineMap): string => (typeof map === 'object' ? map.kind : map);
  const wrong: Wrong[] = mapNames.map(name => [
    `forward ${name}`,
    {
      ...rule,
      forward(b, layer, x, map) {
        const value = rule.forward(b, layer, x, map);
        return nameOf(map) === name ? short(b, value) : value;
      },
    },
    own,
  ]);
  wrong.push(['transposed', { ...rule, transposed: (b, ...rest) => short(b, rule.transposed(b, ...rest)) }, own]);
  const { rows, liveProducts, transposedOnWindow } = rule;
  if (rows !== null) wrong.push(['rows', { ...rule, rows: (b, ...rest) => short(b, rows(b, ...rest)) }, own]);
  if (liveProducts !== null)
    wrong.push(['liveProducts', { ...rule, liveProducts: (b, ...rest) => short(b, liveProducts(b, ...rest)) }, own]);
  if (transposedOnWindow !== null)
    wrong.push([
      'transposedOnWindow',
      { ...rule, transposedOnWindow: (b, ...rest) => short(b, transposedOnWindow(b, ...rest)) },
      own,
    ]);
  const { window } = own;
  const inPlace = { strides: [1, 1], kernelSize: [1, 1], before: [0, 0] } as const;
  if (window === null) wrong.push(['window', rule, { ...own, window: () => inPlace }]);
  else {
    wrong.push(['window', { ...rule, transposedOnWindow: null }, own]);
    for (const [field, change] of [
      ['strides', 1],
      ['kernelSize', 1],
      ['before', 1],
      ['before', -1],
    ] as const)
      wrong.push([
        'transposedOnWindow',
        rule,
        {
          ...own,
          window(layer) {
            const right = window(layer);
            return right && { ...right, [field]: right[field].map(size => size + change) };
          },
        },
      ]);
  }
  if (own.mixesEntries) wrong.push(['mixesEntries', rule, { ...own, mixesEntries: false }]);
  return wrong;
}

describe.each(affine)('the rule of %s', kind => {
  it('agrees with the layer as a matrix', () => {
    expect(samples.get(kind)!.length).toBeGreaterThan(10);
    expect([...faultsOf(kind)]).toEqual([]);
  });

  it('is not what it should be when any part of it is wrong', () => {
    for (const [what, rule, own] of mistakesIn(kind)) expect([...faultsOf(kind, rule, own)], what).toContain(what);
  });
});

describe('average pooling', () => {
  it('has windows of its own only where all positions weigh alike', () => {
    const rule = ruleOf('averagePool2d');
    const own = definition('averagePool2d');
    const always: AnyAffineDefinition['window'] = ({ strides, poolSize, padding }) => ({
      strides,
      kernelSize: poolSize,
      before: [padding.top, padding.left],
    });
    expect([...faultsOf('averagePool2d', rule, { ...own, window: always })]).toEqual(['transposedOnWindow']);
  });
});
