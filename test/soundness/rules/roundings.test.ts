/**
 * How often a layer rounds, counted on the layer as an explicit matrix: with `n` entries in a sum of products a term passes `n` roundings
 * at most, its own product and the additions after it, in whatever order; the bias is one more.
 */
import { describe, expect, it } from 'vitest';
import type { Layer } from '../../../compiler/2-graph/layer.ts';
import { hasRole } from '../../../compiler/2-graph/roles.ts';
import type { Roundings } from '../../../compiler/layers/definition.ts';
import { definitionOf, layerKinds } from '../../../compiler/layers/registry.ts';
import { assertNever } from '../../../compiler/shared/assert.ts';
import { matrixOf } from './explicit-matrix.ts';
import { type LayerSample, layerSamples } from './layer-samples.ts';

const samples = layerSamples(5, 200, 60);

/** The least that is right. */
function needed(sample: LayerSample): { readonly forward: number; readonly ofBias: number; readonly backward: number } {
  const { layer, params } = sample;
  const none = { forward: 0, ofBias: 0, backward: 0 };
  if (hasRole(layer, 'sum')) return { ...none, forward: layer.inputs.length - 1 };
  if (!hasRole(layer, 'affine')) return { ...none, forward: ofOther(layer) };
  const { reads } = matrixOf(sample);
  const readers = new Map<number, number>();
  for (const input of reads.flatMap(own => [...own])) readers.set(input, (readers.get(input) ?? 0) + 1);
  const [most, mostReaders] = [Math.max(...reads.map(own => own.size)), Math.max(0, ...readers.values())];
  switch (layer.kind) {
    case 'dense':
    case 'conv2d': {
      const ofBias = Number(params[`${layer.id}.bias`] !== undefined);
      return { forward: most + ofBias, ofBias, backward: mostReaders };
    }
    case 'averagePool2d':
      // A factor for each axis, each rounded before it multiplies.
      return { forward: most - 1 + 4, ofBias: 0, backward: mostReaders - 1 + 4 };
    case 'flatten':
    case 'reshape':
      return none;
    case 'normalize':
      // The mean, the difference, the inverse of the deviation, the product.
      return { forward: 4, ofBias: 4, backward: 2 };
    default:
      return assertNever(layer);
  }
}

/** Of a function, the operations of its value. */
function ofOther(layer: Layer): number {
  switch (layer.kind) {
    case 'leakyRelu':
      return 1;
    case 'relu':
    case 'input':
    case 'concat':
      return 0;
    default:
      throw new Error(`nothing is known of ${layer.kind}`);
  }
}

const roundingsOf = ({ layer, inputShapes }: LayerSample): Roundings =>
  definitionOf(layer.kind).roundings(layer, inputShapes[0] ?? layer.shape);

function isEnough(sample: LayerSample, { forward, products, backward }: Roundings): boolean {
  const least = needed(sample);
  return forward >= least.forward && backward >= least.backward && products >= 0 && forward - products >= least.ofBias;
}

describe.each(layerKinds())('the roundings of %s', kind => {
  const own = samples.get(kind)!;

  it('are as many as there can be', () => {
    expect(own.length).toBeGreaterThan(5);
    for (const sample of own) expect(isEnough(sample, roundingsOf(sample)), JSON.stringify(sample.layer)).toBe(true);
  });

  it('are not when there are fewer', () => {
    const less = (count: number): number => Math.max(0, count - 2);
    const changes: Readonly<Record<string, (right: Roundings) => Roundings>> = {
      forward: right => ({ ...right, forward: less(right.forward) }),
      backward: right => ({ ...right, backward: less(right.backward) }),
      products: right => ({ ...right, products: right.forward + 1 }),
    };
    for (const [field, change] of Object.entries(changes)) {
      const changed = own.filter(sample => roundingsOf(sample)[field as keyof Roundings] > 0 || field === 'products');
      if (changed.length === 0) continue;
      expect(
        changed.every(sample => isEnough(sample, change(roundingsOf(sample)))),
        field,
      ).toBe(false);
    }
  });
});
