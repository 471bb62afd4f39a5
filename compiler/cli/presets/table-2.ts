/** Table 2: ℓ∞, networks of three sizes. */
import type { Preset, PrintedErrors } from './preset.ts';
import { cifar, mnist } from './setups.ts';

/** Hidden units aside, Table 1. */
export const parametersOf: Readonly<Record<string, number>> = {
  'mnist-small': 166_406,
  'mnist-large': 1_974_762,
  'mnist-resnet': 3_254_562,
  'cifar-small': 214_918,
  'cifar-large': 2_466_858,
  'cifar-resnet': 4_214_850,
};

type Row = readonly [
  architecture: string,
  epsilon: string,
  printed: PrintedErrors,
  cascade: PrintedErrors | null,
  exact?: 'exact',
];

const rows: readonly Row[] = [
  ['mnist-small', '0.1', { robust: 4.48, standard: 1.26 }, null, 'exact'],
  ['mnist-small', '0.1', { robust: 4.99, standard: 1.37 }, { robust: 3.13, standard: 3.13 }],
  ['mnist-large', '0.1', { robust: 3.67, standard: 1.08 }, { robust: 3.42, standard: 3.18 }],
  ['mnist-small', '0.3', { robust: 43.1, standard: 14.87 }, { robust: 33.64, standard: 33.64 }],
  ['mnist-large', '0.3', { robust: 45.66, standard: 12.61 }, { robust: 41.62, standard: 35.24 }],
  ['cifar-small', '2/255', { robust: 52.75, standard: 38.91 }, { robust: 39.35, standard: 39.35 }],
  ['cifar-large', '2/255', { robust: 46.59, standard: 31.28 }, { robust: 38.84, standard: 36.08 }],
  ['cifar-resnet', '2/255', { robust: 46.11, standard: 31.72 }, { robust: 36.41, standard: 35.93 }],
  ['cifar-small', '8/255', { robust: 79.25, standard: 72.24 }, { robust: 71.71, standard: 71.71 }],
  ['cifar-large', '8/255', { robust: 83.43, standard: 80.56 }, { robust: 79.24, standard: 79.14 }],
  ['cifar-resnet', '8/255', { robust: 78.22, standard: 71.33 }, { robust: 70.95, standard: 70.77 }],
];

export const table2: readonly Preset[] = rows.map(([architecture, epsilon, printed, printedCascade, exact]) => {
  const setup = architecture.startsWith('mnist') ? mnist : cifar;
  const [pixels = '', levels = '1'] = epsilon.split('/');
  return {
    name: [architecture, ...(exact === undefined ? [] : ['exact']), pixels].join('-'),
    row: `Table 2, ${architecture.replace('-', ' ')}${exact === undefined ? '' : ', exact'}, epsilon ${epsilon}`,
    architecture,
    parameters: parametersOf[architecture] ?? null,
    options: {
      ...setup,
      epsilon: Number(pixels) / Number(levels),
      norm: 'linf',
      bounds: exact === undefined ? 'sketch:per-layer' : 'exact',
    },
    printed,
    printedCascade,
  };
});
