/**
 * Trains the network of `two-moons.arch.ts` on its exact certified loss and prints where in the unit square its answer is
 * proved: `npm run two-moons`. Also the shortest example of using an emitted module from a program.
 */
import { certify, examplesOf, loadDataset, makeTensors, selectBackend, train } from 'dualc/runtime/node';
import { certifiedClasses } from './certified-classes.ts';
import model from './two-moons.dual.ts';

const { epsilon } = model.meta.ball;
await selectBackend();

const { snapshot } = await train({
  phases: [{ bounds: 'exact', epochs: 20, model }],
  examples: examplesOf(await loadDataset('two-moons', { split: 'train' })),
  settings: {
    epochs: 20,
    batch: 50,
    epsilon: { from: 0, to: epsilon, epochs: 10 },
    naturalWeight: { from: 1, to: 0, epochs: 10 },
    optimizer: { kind: 'adam', weightDecay: 0 },
    learningRate: 0.02,
    learningRateSchedule: { kind: 'cosine' },
    clip: null,
    augment: null,
    initialization: 'he',
    seed: 0,
  },
  from: null,
  hooks: { save: async () => {} },
  saveSeconds: Number.POSITIVE_INFINITY,
});

const params = makeTensors(snapshot.params);
const test = examplesOf(await loadDataset('two-moons', { split: 'test' }));
const { standard, robust } = await certify(model, params, test, { epsilon, batch: 100 });

const [columns, rows] = [76, 30];
const grid = Array.from({ length: rows }, (_, row) =>
  Array.from({ length: columns }, (_, column) => [(column + 0.5) / columns, 1 - (row + 0.5) / rows]),
);
const classes = await certifiedClasses(model, params, grid.flat(), epsilon);
const marks = grid.map((line, row) =>
  line.map((_, column) => ({ 0: 'o', 1: 'x' })[classes[row * columns + column] ?? -1] ?? ' ').join(''),
);
console.log(marks.join('\n'));
console.log(`o, x: every point within ${epsilon} of here is proved to be of that class; blank: not proved`);
console.log(`of 1000 test points, ${standard.count} are misclassified and ${robust.count} are not certified`);
