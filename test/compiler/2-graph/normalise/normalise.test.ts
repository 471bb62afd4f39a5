import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../../../compiler/2-graph/check-graph.ts';
import type { LayerGraph } from '../../../../compiler/2-graph/layer.ts';
import { normalise, printNormalised, steps } from '../../../../compiler/2-graph/normalise/normalise.ts';
import { parseGraph } from '../../../../compiler/2-graph/parse-graph.ts';
import { buildDual } from '../../../../compiler/3-dual/build-dual.ts';
import { chooseSchedule } from '../../../../compiler/4-schedule/choose.ts';
import { interpret } from '../../../../compiler/5-program/interpret.ts';
import { lowerCertificate } from '../../../../compiler/5-program/lower-margins.ts';
import { candidateCosts } from '../../../../compiler/candidate-cost.ts';
import { defaultOptions } from '../../../../compiler/options.ts';
import { compileFor } from '../../../support/emitted-model.ts';
import { expectSameNumbers } from '../../../support/expect-step.ts';
import { randomInputs } from '../../../support/program-inputs.ts';
import { textGraph } from '../../../support/text-graph.ts';

const shapes = [[4], [4], [2, 2], [1, 2, 2]] as const;

/** Networks of four numbers per layer that are full of reshapes and sums; every layer is used. */
const network: fc.Arbitrary<LayerGraph> = fc
  .array(
    fc.record({
      kind: fc.constantFrom('reshape', 'reshape', 'flatten', 'relu', 'add', 'add', 'dense'),
      shape: fc.constantFrom(...shapes),
      reads: fc.tuple(fc.nat(), fc.nat()),
    }),
    { minLength: 2, maxLength: 10 },
  )
  .map(steps => {
    const known: { name: string; shape: readonly number[] }[] = [{ name: 'x', shape: [4] }];
    const lines = ['x = input() : [4]'];
    const unread = new Set(['x']);
    const append = (
      kind: string,
      inputs: readonly { name: string }[],
      shape: readonly number[],
      options = '',
    ): void => {
      const name = `l${known.length}`;
      for (const input of inputs) unread.delete(input.name);
      known.push({ name, shape });
      unread.add(name);
      lines.push(`${name} = ${kind}(${inputs.map(input => input.name).join(', ')})${options} : [${shape}]`);
    };
    for (const { kind, shape, reads } of steps) {
      // Most read what was made last, so that chains come about.
      const a = known.at(-1 - (reads[0] % 3)) ?? known[0]!;
      const alike = known.filter(b => `${b.shape}` === `${a.shape}`);
      if (kind === 'reshape') append(kind, [a], shape);
      else if (kind === 'flatten') append(kind, [a], [4]);
      else if (kind === 'relu') append(kind, [a], a.shape);
      else if (kind === 'add') append(kind, [a, alike[reads[1] % alike.length]!], a.shape);
      else if (a.shape.length === 1) append(kind, [a], [4], ' {units: 4, useBias: true}');
    }
    const ends = [...unread].map(name => known.find(each => each.name === name)!);
    for (const end of ends) append('flatten', [end], [4]);
    if (ends.length > 1) append('add', known.slice(-ends.length), [4]);
    append('dense', [known.at(-1)!], [2], ' {units: 2, useBias: true}');
    return parseGraph(`${lines.join('\n')}\noutput ${known.at(-1)!.name}`);
  });

const certificate = (graph: LayerGraph) => {
  const dual = buildDual(graph);
  const { certify } = chooseSchedule(dual, { ...defaultOptions, arithmetic: 'real' }, candidateCosts(dual));
  const program = lowerCertificate(dual, certify);
  const inputs = randomInputs(program, 2, 3);
  const labels = Float64Array.from([0, 1]);
  return interpret(program, { ...inputs, inputs: { ...inputs.inputs, labels } });
};

describe('normalise', () => {
  it('keeps numbers, and all bounds under their names', () => {
    const done = new Set<string>();
    fc.assert(
      fc.property(network, graph => {
        checkGraph(graph);
        const { graph: simple, changes } = normalise(graph);
        checkGraph(simple);
        for (const change of changes) done.add(change.slice(0, change.indexOf(':')));
        expectSameNumbers(graph, simple);
        const [before, after] = [buildDual(graph), buildDual(simple)];
        expect(after.bounds.map(({ name, rowCount }) => ({ name, rowCount }))).toEqual(
          before.bounds.map(({ name, rowCount }) => ({ name, rowCount })),
        );
        expect(after.boundOfNonlinearity).toEqual(before.boundOfNonlinearity);
        const [written, rewritten] = [certificate(graph), certificate(simple)];
        expect(Object.keys(rewritten)).toEqual(Object.keys(written));
        for (const [name, { shape, data }] of Object.entries(written)) {
          expect(rewritten[name]!.shape).toEqual(shape);
          for (const [at, value] of data.entries()) expect(rewritten[name]!.data[at]).toBeCloseTo(value, 10);
        }
        expect(normalise(simple)).toEqual({ graph: simple, changes: [] });
      }),
      { numRuns: 300 },
    );
    expect([...done].sort()).toEqual(steps.map(({ name }) => name).sort());
  });

  it('is behind every module, whose meta has the layers as they were written', () => {
    const graph = textGraph(`
      x = input() : [2, 2, 1]
      rows = reshape(x) : [2, 2]
      flat = flatten(rows) : [4]
      d = dense(flat) {units: 3, useBias: true} : [3]
      same = flatten(d) : [3]
      r = relu(same) : [3]
      logits = dense(r) {units: 2, useBias: true} : [2]
      output logits`);
    const { meta, dual, rewritings } = compileFor(graph);
    expect(meta.layers.map(({ name }) => name)).toEqual(['x', 'rows', 'flat', 'd', 'same', 'r', 'logits']);
    expect(dual.graph.layers.map(({ id }) => id)).toEqual(['x', 'flat', 'd', 'r', 'logits']);
    expect(rewritings).toEqual(['joinReshapes: flat reads x instead of rows', 'dropReshapes: same is d itself']);
    expect(meta.nonlinearities).toEqual(['r']);
  });

  it('prints the graph that is left, and what was done to it', () => {
    const text = printNormalised(
      normalise(
        textGraph(`hash 0a
        x = input() : [4]
        f = flatten(x) : [4]
        logits = dense(f) {units: 2, useBias: true} : [2]
        output logits`),
      ),
    );
    expect(text).toMatch(/^logits = dense\(x\)/m);
    expect(text.trimEnd().split('\n').at(-1)).toBe('# dropReshapes: f is x itself');
    expect(parseGraph(text).layers).toHaveLength(2);
  });
});
