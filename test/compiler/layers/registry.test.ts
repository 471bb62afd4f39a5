import { afterEach, describe, expect, it } from 'vitest';
import { parseGraph } from '../../../compiler/2-graph/parse-graph.ts';
import { printGraph } from '../../../compiler/2-graph/print-graph.ts';
import { roleOf } from '../../../compiler/2-graph/roles.ts';
import { receptiveFields } from '../../../compiler/3-dual/receptive-fields.ts';
import { roundingTable } from '../../../compiler/4-schedule/rounding-terms.ts';
import { add, conv2d, dense, graphOfNetwork, input, linf, network } from '../../../compiler/authoring.ts';
import { createReporter } from '../../../compiler/diagnostics/reporter.ts';
import { definitionOf, layerKinds, registerLayer } from '../../../compiler/layers/registry.ts';
import { word } from '../../../compiler/layers/word.ts';
import { layerId } from '../../../compiler/shared/ids.ts';
import { codesOf, readTexts } from '../../support/read-network.ts';
import { scale } from '../../support/sample-layers.ts';

const file = `import { add, dense, input, linf, network, scale } from 'dualc';
const x = input([4]);
const twice = scale(x, { factor: 2 });
export default network({ input: x, output: dense(add(x, twice), { units: 2 }), ball: linf({ epsilon: 0.1 }) });`;
const read = () => readTexts({ 'sample.arch.ts': file });

let undo = (): void => {};
afterEach(() => undo());

describe('a kind that is registered', () => {
  it('is read, printed and parsed, and has its role and its roundings', () => {
    undo = registerLayer(scale);
    const { graph } = read();
    const text = printGraph(graph!);
    expect(text).toMatch(/^twice = scale\(x\) \{factor: 2\} +: \[4\] +# sample.arch.ts:3$/m);
    const withoutPlaces = (printed: string): string => printed.replaceAll(/ # .*$/gm, '');
    expect(withoutPlaces(printGraph(parseGraph(text)))).toBe(withoutPlaces(text));
    const twice = graph!.layers.find(({ id }) => id === 'twice')!;
    expect(roleOf(twice)).toBe('affine');
    expect(roundingTable(graph!).get(layerId('twice'))).toEqual({ forward: 1, products: 1, backward: 1, readers: 1 });
  });

  it('is a word when the file is run', () => {
    undo = registerLayer(scale);
    const x = input([4]);
    const twice = scale(x, { factor: 2 });
    const net = network({ input: x, output: dense(add(x, twice), { units: 2 }), ball: linf({ epsilon: 0.1 }) });
    const run = graphOfNetwork(net, createReporter())!;
    expect(run.layers.map(({ kind }) => kind)).toEqual(read().graph!.layers.map(({ kind }) => kind));
    expect(run.layers[1]).toMatchObject({ factor: 2, shape: [4] });
    expect(() => scale(x, { factor: 2, nme: 'a' } as never)).toThrow('[unknown-option]');
  });

  it('says through its window how rows walk over maps', () => {
    undo = registerLayer(scale);
    const { layers } = parseGraph(`
      x = input() : [6, 6, 1]
      conv = conv2d(x) {filters: 1, kernelSize: [3, 3], strides: [2, 2], padding: [1, 1, 1, 1], useBias: true} : [3, 3, 1]
      twice = scale(conv) {factor: 2} : [3, 3, 1]
      output twice`);
    const [x, conv, twice] = layers.map(({ id }) => id) as [never, never, never];
    const fields = receptiveFields(new Map(layers.map(layer => [layer.id, layer])), {
      of: twice,
      walk: [
        { kind: 'transpose', of: twice, to: conv },
        { kind: 'transpose', of: conv, to: x },
      ] as never,
    });
    expect(fields?.get(x)).toEqual({ strides: [2, 2], offset: [-1, -1], size: [3, 3] });
  });

  it('is known until it is taken back', () => {
    expect(codesOf(read())).toContain('unknown-layer');
    const takenBack = registerLayer(scale);
    expect(codesOf(read())).toEqual([]);
    takenBack();
    expect(codesOf(read())).toContain('unknown-layer');
    expect(() => definitionOf('scale')).toThrow('kind of layer scale');
  });

  it.each(['relu', 'linf', 'network'])('cannot be called %s', kind => {
    const before = layerKinds();
    const taken = word({ ...definitionOf('flatten'), kind });
    expect(() => registerLayer(taken)).toThrow(`the name ${kind} is taken`);
    expect(layerKinds()).toEqual(before);
  });
});

describe('what layers say of themselves', () => {
  it('keeps the types of options', () => {
    const x = input([4, 4, 1]);
    // @ts-expect-error: a convolution has filters, not units.
    expect(() => conv2d(x, { units: 2 })).toThrow('[unknown-option]');
    // @ts-expect-error: without a factor it is nothing.
    expect(() => scale(x, {})).toThrow('[missing-option]');
  });
});
