/** Random well-formed tensor programs: every operation, small shapes, chunk loops, odd names and origins. They shrink step by step. */
import fc from 'fast-check';
import { createBuilder } from '../../compiler/5-program/builder.ts';
import { batch } from '../../compiler/5-program/dim.ts';
import type { Origin, TensorProgram } from '../../compiler/5-program/tensor-program.ts';
import { layerId, type ValueId } from '../../compiler/shared/ids.ts';
import { isBatch, type Site, type Step, steps } from './random-program-steps.ts';

/** Loops over 6 rows in chunks, whose body is made of the steps above and of rows of an outer value. */
function loopStep(site: Site, inner: readonly Step[]): ValueId | null {
  if (site.loop !== null) return null;
  const { b, choose } = site;
  const loop = { rows: 6, size: [1, 2, 3, 6][choose(4)]! };
  const inBlock = (results: (values: readonly ValueId[]) => ValueId[]) =>
    b.block(() => {
      const wide = b.append({ kind: 'param', name: 'rows', shape: [6, 5] });
      const rows = b.append({ kind: 'chunkRows', axis: 0, size: loop.size }, [wide]);
      return results(runSteps({ ...site, loop, values: [...site.values, wide, rows] }, inner));
    });
  if (choose(2) === 0) {
    const block = inBlock(values => {
      const x = values.find(
        value => b.shapeOf(value).length === 2 && isBatch(b.shapeOf(value)[0]) && b.shapeOf(value)[1] === 4,
      )!;
      const weight = b.append({ kind: 'param', name: 'block', shape: [6, 4] });
      const rows = b.append({ kind: 'chunkRows', axis: 0, size: loop.size }, [weight]);
      return [b.matMul(x, rows, { b: true })];
    });
    return b.append({ kind: 'chunked', ...loop, block });
  }
  const block = inBlock(values => values.slice(-2));
  const shapes = block.results.map(id => b.shapeOf(id));
  const chunks = b.append({ kind: 'summedChunks', ...loop, block });
  const index = choose(shapes.length);
  return b.append({ kind: 'item', index, shape: shapes[index]! }, [chunks]);
}

function runSteps(site: Site, chosen: readonly Step[]): ValueId[] {
  const values = [...site.values];
  for (const step of chosen) {
    const value = step({ ...site, values });
    if (value !== null) values.push(value);
  }
  return values;
}

const text = fc.oneof(fc.constantFrom('margins', 'gradient:relu1', 'lower bound', '-', 'a | b', '"; x'), fc.string());
const position = fc.record({ line: fc.integer({ min: 1, max: 99 }), column: fc.integer({ min: 1, max: 99 }) });
const origins: fc.Arbitrary<Origin> = fc.record({
  section: text,
  part: fc.option(text),
  layer: fc.option(text.map(layerId)),
  role: text,
  span: fc.option(fc.record({ file: text, start: position, end: position })),
});

const decisions = fc.array(fc.nat(), { minLength: 8, maxLength: 8 });
const step = fc.tuple(fc.nat(steps.length - 1), decisions, origins);
const item = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(step, fc.constant(null)) },
  fc.tuple(step, fc.array(step, { maxLength: 4 })),
);

const chooser = (numbers: readonly number[]): Site['choose'] => {
  let next = 0;
  return below => (below === 0 ? 0 : numbers[next++ % numbers.length]! % below);
};

const bind =
  ([index, numbers, origin]: readonly [number, number[], Origin]): Step =>
  site =>
    site.b.within(origin, () => steps[index]!({ ...site, choose: chooser(numbers) }));

const bindLoop =
  ([, numbers, origin]: readonly [number, number[], Origin], inner: readonly Step[]): Step =>
  site =>
    site.b.within(origin, () => loopStep({ ...site, choose: chooser(numbers) }, inner));

/** Programs over `x [b, 5, 4, 2]`, `labels [b]` and `epsilon []`; their last values are outputs. */
export const randomProgram: fc.Arbitrary<TensorProgram> = fc
  .tuple(fc.array(item, { maxLength: 14 }), text)
  .map(([items, name]) => {
    const b = createBuilder();
    const labels = b.append({ kind: 'input', name: 'labels', shape: [batch] });
    const values = [
      b.append({ kind: 'input', name: 'x', shape: [batch, 5, 4, 2] }),
      b.append({ kind: 'input', name: 'epsilon', shape: [] }),
      b.append({ kind: 'oneHot', depth: 4 }, [labels]),
    ];
    let names = 0;
    const site: Site = { b, values, loop: null, choose: () => 0, newName: stem => `${stem}${names++}` };
    const chosen = items.map(([first, inner]) => (inner === null ? bind(first) : bindLoop(first, inner.map(bind))));
    const outputs = runSteps(site, chosen).slice(-4);
    return b.finish(name, Object.fromEntries(outputs.map((id, index) => [`out${index}`, id])));
  });
