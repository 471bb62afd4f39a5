import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkProgram } from '../../../compiler/5-program/check-program.ts';
import { interpret, type ProgramInputs } from '../../../compiler/5-program/interpret.ts';
import { parseProgram } from '../../../compiler/5-program/parse-program.ts';
import { printProgram } from '../../../compiler/5-program/print-program.ts';
import type { TensorProgram } from '../../../compiler/5-program/tensor-program.ts';
import { gradient } from '../../../compiler/6-passes/gradient.ts';
import { compileFor, type EmissionOptions } from '../../support/emitted-model.ts';
import { expectClose } from '../../support/expect-pass.ts';
import { differences } from '../../support/finite-differences.ts';
import { seededNormals } from '../../support/program-inputs.ts';
import { type RandomNetwork, smoothNetwork } from '../../support/random-network.ts';

const parameters = gradient({ of: 'loss', keep: true, for: 'params' });
const run = (text: string, options = parameters): TensorProgram => {
  const result = options.run(parseProgram(text));
  checkProgram(result);
  return result;
};

describe('gradient', () => {
  const square = `%0 = input "x" : [b, 2]   ; source | - | input | -
    %1 = param "w" : [2]   ; source | - | param | -
    %2 = mul(%0, %1) : [b, 2]   ; forward | dense1 | output | net.arch.ts:3:1-3:9
    %3 = sum(%2) {axes: [0, 1], keepDims: false} : []   ; loss | - | total | -
    out loss = %3`;

  it('appends the adjoints in sections of their own, named after what they are gradients of', () => {
    expect(printProgram(run(square), { origins: true })).toBe(
      printProgram(
        parseProgram(`%4 = constant 1 : []   ; source | - | constant | -
          ${square.replace(/\n\s*out.*/, '')}
          %5 = reshape(%4) : [1, 1]   ; gradient:loss | - | total gradient | -
          %6 = broadcast(%5) : [b, 2]   ; gradient:loss | - | dense1 output gradient | -
          %7 = mul(%6, %1) : [b, 2]   ; gradient:forward | dense1 | output gradient | net.arch.ts:3:1-3:9
          %8 = mul(%6, %0) : [b, 2]   ; gradient:forward | dense1 | output gradient | net.arch.ts:3:1-3:9
          %9 = sum(%8) {axes: [0], keepDims: false} : [2]   ; gradient:forward | dense1 | w gradient | net.arch.ts:3:1-3:9
          out loss = %3, gradient.w = %9`),
        { origins: true },
      ),
    );
  });

  it('takes the gradient for the image instead, and drops the output, when asked to', () => {
    const program = run(square, gradient({ of: 'loss', keep: false, for: 'x' }));
    expect(Object.keys(program.outputs)).toEqual(['gradient']);
    const given = { batchSize: 2, inputs: { x: [1, 2, 3, 4] }, params: { w: [5, 7] } };
    expect([...interpret(program, given).gradient!.data]).toEqual([5, 7, 5, 7]);
  });

  it('adds up what comes from several readers', () => {
    // d/dw Σ (w² + 3w) = 2w + 3.
    const program = run(`%0 = param "w" : [2]\n%1 = square(%0) : [2]\n%2 = constant 3 : []\n%3 = mul(%0, %2) : [2]
      %4 = add(%1, %3) : [2]\n%5 = sum(%4) {axes: [0], keepDims: false} : []\nout loss = %5`);
    expect([...interpret(program, { batchSize: 1, inputs: {}, params: { w: [1, 10] } })['gradient.w']!.data]).toEqual([
      5, 23,
    ]);
  });

  it('gives zeros for a parameter that the loss does not depend on', () => {
    const program = run('%0 = param "w" : [2]\n%1 = param "v" : []\n%2 = square(%1) : []\nout loss = %2');
    const outputs = interpret(program, { batchSize: 1, inputs: {}, params: { w: [1, 2], v: [3] } });
    expect([...outputs['gradient.w']!.data]).toEqual([0, 0]);
    expect([...outputs['gradient.v']!.data]).toEqual([6]);
  });

  it('goes through no detached value', () => {
    const program = run(`%0 = param "w" : []\n%1 = detach(%0) : []\n%2 = mul(%0, %1) : []\nout loss = %2`);
    expect(interpret(program, { batchSize: 1, inputs: {}, params: { w: [4] } })['gradient.w']!.data[0]).toBe(4);
  });
});

const plans: readonly EmissionOptions[] = [
  { bounds: 'exact' },
  { bounds: 'exact', memoryBytes: 1 },
  { bounds: 'interval' },
  { bounds: 'crown' },
  { bounds: 'backward/crown', memoryBytes: 1 },
  { bounds: 'best(band, crown)' },
  { bounds: 'best(interval, exact)' },
  { bounds: 'train:sketch', estimator: 'ml', projections: 5 },
  { bounds: 'train:sketch', estimator: 'median', projections: 5 },
  { bounds: 'train:sketch', estimator: 'geometric', projections: 5 },
  { bounds: 'train:sketch:per-layer', estimator: 'median', projections: 5 },
];

const inputsOf = ({ batch, x, labels, epsilon, params }: RandomNetwork): ProgramInputs => ({
  batchSize: batch,
  inputs: { x, labels, epsilon: [epsilon] },
  params,
  // Not Cauchy: of sizes between 0.5 and 2, away from the kinks and poles of the estimators.
  noise: (stream, _, count) =>
    seededNormals(stream.length, count).map(entry => Math.sign(entry) * (0.5 + Math.min(1.5, Math.abs(entry)))),
});

/** Differences of two widths agree where the loss is smooth; elsewhere a kink lies between them and nothing is compared. */
function compareWithDifferences(program: TensorProgram, given: ProgramInputs, names: readonly string[]): number {
  const outputs = interpret(program, given);
  let compared = 0;
  for (const name of names) {
    const found = outputs[`gradient.${name}`]!.data;
    const [wide, narrow] = [1e-5, 3e-6].map(width => differences(program, 'crossEntropy', given, name, width)) as [
      Float64Array,
      Float64Array,
    ];
    const scale = found.reduce((largest, entry) => Math.max(largest, Math.abs(entry)), 1);
    const smooth = wide.map((entry, i) => (Math.abs(entry - narrow[i]!) < 1e-6 * scale ? entry : found[i]!));
    compared += smooth.filter((entry, i) => entry === wide[i]).length;
    expectClose(found, smooth, 1e-5, `gradient for ${name}`);
  }
  return compared;
}

describe('the gradient of whole robust losses', () => {
  it.each(plans)('agrees with finite differences: %o', plan => {
    let [compared, entries] = [0, 0];
    fc.assert(
      fc.property(smoothNetwork, network => {
        const names = Object.keys(network.params);
        const small = Object.values(network.params).reduce((sum, values) => sum + values.length, 0) <= 60;
        fc.pre(small && network.epsilon <= 1);
        const { programs } = compileFor(network.graph, { ...plan, trainBatch: network.batch });
        entries += Object.values(network.params).reduce((sum, values) => sum + values.length, 0);
        compared += compareWithDifferences(programs.robustLoss, inputsOf(network), names);
      }),
      // The same networks each time: a kink closer than the narrow width cannot be told from a slope.
      { numRuns: 8, seed: 1 },
    );
    // Most entries must have been compared, or the test says nothing.
    expect(compared).toBeGreaterThan(0.8 * entries);
  });

  it('agrees with finite differences for the natural loss', () => {
    fc.assert(
      fc.property(smoothNetwork, network => {
        fc.pre(Object.values(network.params).reduce((sum, values) => sum + values.length, 0) <= 60);
        const { programs } = compileFor(network.graph);
        compareWithDifferences(programs.naturalLoss, inputsOf(network), Object.keys(network.params));
      }),
      { numRuns: 8, seed: 1 },
    );
  });
});
