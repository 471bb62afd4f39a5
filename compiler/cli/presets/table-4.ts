/** Table 4: ℓ2 (Appendix H). */
import type { Preset, PrintedErrors } from './preset.ts';
import { cifar, mnist } from './setups.ts';
import { parametersOf } from './table-2.ts';

type Row = readonly [architecture: string, printed: PrintedErrors, cascade: PrintedErrors, exact?: 'exact'];

const rows: readonly Row[] = [
  ['mnist-small', { robust: 56.48, standard: 11.86 }, { robust: 24.42, standard: 19.57 }, 'exact'],
  ['mnist-small', { robust: 56.32, standard: 13.11 }, { robust: 25.34, standard: 20.93 }],
  ['mnist-large', { robust: 55.47, standard: 11.88 }, { robust: 26.16, standard: 24.97 }],
  ['cifar-small', { robust: 53.73, standard: 44.72 }, { robust: 50.13, standard: 48.64 }],
  ['cifar-large', { robust: 49.4, standard: 40.24 }, { robust: 41.36, standard: 41.16 }],
  ['cifar-resnet', { robust: 48.04, standard: 38.8 }, { robust: 41.44, standard: 41.28 }],
];

export const table4: readonly Preset[] = rows.map(([architecture, printed, printedCascade, exact]) => {
  const isMnist = architecture.startsWith('mnist');
  return {
    name: [architecture, ...(exact === undefined ? [] : ['exact']), 'l2'].join('-'),
    row: `Table 4, ${architecture.replace('-', ' ')}${exact === undefined ? '' : ', exact'}`,
    architecture,
    parameters: parametersOf[architecture] ?? null,
    options: {
      ...(isMnist ? mnist : cifar),
      epsilon: isMnist ? 1.58 : 36 / 255,
      norm: 'l2',
      box: false,
      bounds: exact === undefined ? 'sketch:per-layer' : 'exact',
    },
    printed,
    printedCascade,
  };
});
