import { describe, expect, it } from 'vitest';
import { exportedLayers } from '../../bench/peers/exported-network.ts';
import { readGraph } from '../../compiler/compile.ts';
import { residual, textGraph } from '../support/text-graph.ts';

describe('exportedLayers', () => {
  it('says in words of PyTorch what a chain of layers is', () => {
    const convolution = (name: string) => ({ kind: 'conv2d', name, strides: [2, 2], padding: [1, 1] });
    expect(exportedLayers(readGraph('examples/mnist-small.arch.ts').graph)).toEqual([
      convolution('conv1'),
      { kind: 'relu' },
      convolution('conv2'),
      { kind: 'relu' },
      { kind: 'flatten' },
      { kind: 'dense', name: 'dense1' },
      { kind: 'relu' },
      { kind: 'dense', name: 'logits' },
    ]);
  });

  it('refuses what the peers are not given', () => {
    expect(() => exportedLayers(textGraph(residual))).toThrow('no chain of layers');
    const lopsided = `
      x = input() : [3, 3, 1]
      conv = conv2d(x) {filters: 2, kernelSize: [2, 2], strides: [1, 1], padding: [1, 0, 0, 0], useBias: true} : [3, 2, 2]
      flat = flatten(conv) : [12]
      logits = dense(flat) {units: 2, useBias: true} : [2]
      output logits`;
    expect(() => exportedLayers(textGraph(lopsided))).toThrow('padded more on one side');
    const leaky = `
      x = input() : [2]
      bent = leakyRelu(x) {slope: 0.1} : [2]
      logits = dense(bent) {units: 2, useBias: true} : [2]
      output logits`;
    expect(() => exportedLayers(textGraph(leaky))).toThrow('not given a leakyRelu (bent)');
  });
});
