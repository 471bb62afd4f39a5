import { describe, expect, it } from 'vitest';
import { interpret } from '../../../../compiler/5-program/interpret.ts';
import { compileFor, type EmissionOptions } from '../../../support/emitted-model.ts';
import { expectClose } from '../../../support/expect-pass.ts';
import { randomInputs } from '../../../support/program-inputs.ts';
import { convolutional, textGraph } from '../../../support/text-graph.ts';

/** Uneven strides and paddings, a skip, a normalization, and a convolution right after another one, over zero padding. */
const crooked = `
  x = input() : [5, 6, 1]
  n = normalize(x) {mean: [0.5], std: [0.25]} : [5, 6, 1]
  conv1 = conv2d(n) {filters: 2, kernelSize: [3, 3], strides: [1, 1], padding: [1, 1, 1, 1], useBias: true} : [5, 6, 2]
  relu1 = relu(conv1) : [5, 6, 2]
  conv2 = conv2d(relu1) {filters: 2, kernelSize: [3, 3], strides: [1, 1], padding: [1, 1, 1, 1], useBias: true} : [5, 6, 2]
  joined = add(conv2, relu1) : [5, 6, 2]
  relu2 = relu(joined) : [5, 6, 2]
  conv3 = conv2d(relu2) {filters: 2, kernelSize: [2, 2], strides: [1, 1], padding: [0, 1, 1, 0], useBias: true} : [5, 6, 2]
  conv4 = conv2d(conv3) {filters: 3, kernelSize: [3, 2], strides: [2, 1], padding: [1, 0, 0, 2], useBias: false} : [2, 7, 3]
  relu3 = relu(conv4) : [2, 7, 3]
  flat = flatten(relu3) : [42]
  logits = dense(flat) {units: 3, useBias: true} : [3]
  output logits`;

const balls = ['linf 0.1', 'linf 0.3 in [0, 1]', 'l2 0.2'];
const networks = [
  ['a chain of convolutions', convolutional, 'relu2=patches,relu3=patches'],
  ['uneven convolutions with a skip', crooked, 'relu2=patches,relu3=patches'],
] as const;

describe.each(balls)('in the ball %s', ball => {
  it.each(networks)(
    '%s: patches, whole or one position at a time, and chunks of rows give the bounds of backward',
    (_name, text, patches) => {
      const certificate = (options: EmissionOptions) =>
        compileFor(textGraph(`ball ${ball}\n${text}`), { arithmetic: 'real', ...options }).programs.certificate;
      const backward = certificate({ bounds: 'backward', memoryBytes: 2 ** 30 });
      const given = randomInputs(backward, 2, 9);
      const wanted = interpret(backward, given);
      const others: Record<string, EmissionOptions> = {
        'backward, row by row': { bounds: 'backward', memoryBytes: 1 },
        'backward, some rows at a time': { bounds: 'backward', memoryBytes: 200_000 },
        patches: { bounds: `certify:backward,${patches.replaceAll('relu', 'certify:relu')}`, memoryBytes: 2 ** 30 },
        'patches, position by position': {
          bounds: `certify:backward,${patches.replaceAll('relu', 'certify:relu')}`,
          memoryBytes: 1,
        },
      };
      for (const [what, options] of Object.entries(others)) {
        const program = certificate(options);
        const kinds = new Set(program.body.map(({ op }) => op.kind));
        expect([what, kinds.has('chunked')]).toEqual([what, what !== 'patches']);
        const found = interpret(program, given);
        for (const [name, { data }] of Object.entries(wanted))
          expectClose(found[name]!.data, data, 1e-10, `${what}: ${name}`);
      }
    },
  );
});
