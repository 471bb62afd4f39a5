/** Families whose numbers are constructed with their structure. */
import type { Ball, LayerGraph } from '../../../../compiler/2-graph/layer.ts';
import type { ExactSubject } from '../subject.ts';
import { chance, type Next, nudged, pick, whole } from './drawing.ts';
import { drawExample, drawTask } from './examples.ts';
import { parameterShapes } from './graph-maker.ts';
import { largeCentre, largeCentreGraph } from './large-centre.ts';
import { onesGraph, onesThatCancel } from './ones-that-cancel.ts';
import { overflowingWeights } from './overflow.ts';
import { scales, scalesGraph } from './scales.ts';
import { structures } from './structures.ts';
import { drawStyle, drawWeights, scale } from './weights.ts';

export interface Constructed {
  readonly graph: LayerGraph;
  readonly draw: (next: Next) => ExactSubject;
}

export const constructed: Readonly<Record<string, (next: Next) => Constructed>> = {
  scales(next) {
    const layers = whole(next, 4, 20);
    const graph = scalesGraph(layers);
    return {
      graph,
      draw(own) {
        const isPower = chance(own, 0.5);
        const lowest = pick(own, [0, -10, -30, -60, -100, -126, -145, -200]);
        let exponent = 0;
        const factors = Array.from({ length: layers }, (_, layer) => {
          const target = layer === layers - 1 ? 0 : lowest * own();
          const step = Math.max(-126, Math.min(100, Math.round(target - exponent)));
          exponent += step;
          return Math.fround(2 ** step * (isPower ? 1 : 1 + own()));
        });
        const gain = factors.reduce((product, factor) => product * factor, 1);
        const margin = own();
        // On both sides of the radius at which the margin vanishes.
        const share = pick(own, [0.01, 0.5, 0.99, 1 - 2 ** -20, 1 + 2 ** -20, 1.01, 2]);
        const epsilon = (share * margin) / gain;
        return scales({ factors, margin, epsilon: epsilon > 2 ** -126 && epsilon < 1e30 ? epsilon : 0.1 }, graph);
      },
    };
  },
  // Inputs, weights and activations that a processor may take for 0, before layers that make them large.
  'subnormal numbers'(next) {
    const graph = structures[pick(next, ['linear', 'tiny', 'deep and narrow', 'convolutions'])]!(next);
    const ball: Ball = graph.ball.norm === 'l2' ? graph.ball : { ...graph.ball, box: null };
    const free: LayerGraph = { ...graph, ball };
    return {
      graph: free,
      draw(own) {
        const params = drawWeights(free, { ...drawStyle(own), scales: 'none', biasScale: pick(own, [0, 1]) }, own);
        const start = whole(own, -148, 10);
        scale(params, 140, own, start);
        const x = drawExample(free, own).map(entry => entry * 2 ** start);
        return { graph: free, params, x, ...drawTask(free, params, x, own) };
      },
    };
  },
  'ones that cancel'(next) {
    const [half, sums] = [whole(next, 3, 50), 2 * whole(next, 1, 10)];
    const graph = onesGraph(half, sums);
    return {
      graph,
      draw(own) {
        const margin = pick(own, [-1, 1]) * 10 ** (-6 + 8 * own());
        const epsilon = 10 ** (-6 + 4 * own());
        const subject = onesThatCancel({ half, sums, margin, epsilon, tries: whole(own, 20, 400) }, graph);
        if (chance(own, 0.6)) return subject;
        // Nearly: then the sums are not 0, and depend on the input.
        const weights = subject.params['dense2.weight']!.map(value => (chance(own, 0.2) ? nudged(own, value) : value));
        return { ...subject, params: { ...subject.params, 'dense2.weight': weights } };
      },
    };
  },
  'a large centre'(next) {
    const graph = largeCentreGraph(whole(next, 1, 4), pick(next, [null, [-(2 ** 32), 2 ** 32]]));
    return {
      graph,
      draw(own) {
        const size = pick(own, [50_000, 2 ** 20, 1e9, 255, 1]);
        const x = Float32Array.from(
          { length: graph.layers[0]!.shape[0]! },
          () => pick(own, [-1, 1]) * size * (1 + own()),
        );
        const epsilon = size * 2 ** whole(own, -40, -6) * (1 + own());
        const margin = 1 + own();
        const share = pick(own, [0.1, 0.5, 0.99, 1.01, 2, 100]);
        return largeCentre(x, { epsilon, slope: (share * margin) / (epsilon * x.length), margin }, graph);
      },
    };
  },
  'weights that overflow'(next) {
    const graph = structures[pick(next, ['tiny', 'linear', 'skips that cancel', 'convolutions'])]!(next);
    return {
      graph,
      draw(own) {
        const params = overflowingWeights(graph, parameterShapes(graph), own);
        const x = drawExample(graph, own);
        return { graph, params, x, ...drawTask(graph, params, x, own) };
      },
    };
  },
};
