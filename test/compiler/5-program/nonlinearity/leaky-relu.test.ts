import { describe, expect, it } from 'vitest';
import { interpret } from '../../../../compiler/5-program/interpret.ts';
import {
  averagePool2d,
  dense,
  flatten,
  graphOfNetwork,
  input,
  leakyRelu,
  linf,
  network,
} from '../../../../compiler/authoring.ts';
import { createReporter } from '../../../../compiler/diagnostics/reporter.ts';
import { compileFor } from '../../../support/emitted-model.ts';

describe('leakyRelu', () => {
  it('passes the gradient on where both of its sides have the slope 1', () => {
    const image = input([2, 2, 1]);
    const pooled = averagePool2d(leakyRelu(image, { negativeSlope: 1 }), { poolSize: [2, 1] });
    const logits = dense(flatten(pooled), { units: 2, useBias: false, name: 'logits' });
    const graph = graphOfNetwork(
      network({ input: image, output: logits, ball: linf({ epsilon: 0.1 }) }),
      createReporter(),
    )!;
    const { inputGradient } = compileFor(graph).programs;
    const given = {
      batchSize: 1,
      inputs: { x: [1, -2, 3, -4], labels: [0] },
      params: { 'logits.weight': [1, 0, 0, 0] },
    };
    // The logits are ((1 + 3)/2, 0): softmax of the other class over two rows each.
    const other = 1 / (1 + Math.exp(2));
    const gradient = interpret(inputGradient, given).gradient!.data;
    for (const [i, wanted] of [-other / 2, 0, -other / 2, 0].entries()) expect(gradient[i]).toBeCloseTo(wanted, 12);
  });
});
