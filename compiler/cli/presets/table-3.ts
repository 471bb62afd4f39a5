/** Table 3: wider and deeper networks for MNIST (Appendix G.1). */
import type { Preset, PrintedErrors } from './preset.ts';
import { mnist } from './setups.ts';

type Row = readonly [kind: 'wide' | 'deep', k: number, printed: PrintedErrors];

const rows: readonly Row[] = [
  ['wide', 1, { robust: 6.51, standard: 2.27 }],
  ['wide', 2, { robust: 5.46, standard: 1.55 }],
  ['wide', 4, { robust: 4.94, standard: 1.33 }],
  ['wide', 8, { robust: 4.79, standard: 1.32 }],
  ['wide', 16, { robust: 5.27, standard: 1.36 }],
  ['deep', 1, { robust: 5.28, standard: 1.78 }],
  ['deep', 2, { robust: 4.37, standard: 1.28 }],
  ['deep', 3, { robust: 4.2, standard: 1.15 }],
];

export const table3: readonly Preset[] = rows.map(([kind, k, printed]) => ({
  name: `mnist-${kind}-${k}`,
  row: `Table 3, ${kind === 'wide' ? 'Wide' : 'Deep'}(${k})`,
  architecture: `mnist-${kind}`,
  parameters: null,
  options: { ...mnist, epsilon: 0.1, norm: 'linf', bounds: 'sketch:per-layer', set: { k: String(k) } },
  printed,
  printedCascade: null,
}));
