/** Runs one step of normalisation on a graph in text form; graphs are verified before and after, and must compute the same to the last bit. */
import { expect } from 'vitest';
import { checkGraph } from '../../compiler/2-graph/check-graph.ts';
import type { LayerGraph } from '../../compiler/2-graph/layer.ts';
import type { Step } from '../../compiler/2-graph/normalise/step.ts';
import { printGraph } from '../../compiler/2-graph/print-graph.ts';
import { interpret } from '../../compiler/5-program/interpret.ts';
import { lowerForward } from '../../compiler/5-program/lower-forward.ts';
import { randomInputs } from './program-inputs.ts';
import { textGraph } from './text-graph.ts';

interface StepExpectation {
  /** Layers as printed, places left out, one per line, and the changes that the step says. */
  becomes(text: string, changes: readonly string[]): void;
  /** The step gives back the graph that it was given. */
  isLeftAlone(): void;
}

export function expectStep(step: Step, text: string): StepExpectation {
  const graph = textGraph(text);
  const rewritten = step.run(graph);
  checkGraph(rewritten.graph);
  expectSameNumbers(graph, rewritten.graph);
  return {
    becomes(expected, changes) {
      expect(layersOf(rewritten.graph)).toEqual(layersOf(textGraph(expected)));
      expect(rewritten.changes).toEqual(changes);
      expect(step.run(rewritten.graph)).toEqual({ graph: rewritten.graph, changes: [] });
    },
    isLeftAlone() {
      expect(rewritten.graph).toBe(graph);
      expect(rewritten.changes).toEqual([]);
    },
  };
}

export function expectSameNumbers(one: LayerGraph, other: LayerGraph): void {
  const logits = (graph: LayerGraph): Float64Array => {
    const program = lowerForward(graph);
    return interpret(program, randomInputs(program, 3, 5)).logits!.data;
  };
  expect(logits(other)).toEqual(logits(one));
}

const layersOf = (graph: LayerGraph): string[] =>
  printGraph(graph)
    .split('\n')
    .filter(line => line.includes(' = '))
    .map(line => line.replace(/ *#.*$/, '').replaceAll(/ +/g, ' '));
