/** What the rows of the paper's tables have in common: its Appendix G, and for CIFAR-10 its published code. */
import type { PresetOptions } from './preset.ts';

type Setup = Omit<PresetOptions, 'epsilon' | 'norm' | 'box' | 'bounds'>;

/** 60 epochs of 50 examples a step; the radius grows over 20 of them, then the rate is halved every 10; 50 Cauchy projections, read by their median. */
const shared = {
  projections: 50,
  estimator: 'median',
  epsilonEpochs: 20,
  naturalWeight: [0, 0],
  epochs: 60,
  batch: 50,
  lrSchedule: { kind: 'halve', after: 20, every: 10 },
} as const;

export const mnist: Setup = { ...shared, data: 'mnist', epsilonStart: 0.01, optimizer: 'adam', lr: 0.001 };

/** Standard deviation of the published normalisation: radii are printed in its units. */
export const cifarStd = 0.225;

/** Crops of images that 4 pixels were added to on every side, and mirror images. */
export const cifar: Setup = {
  ...shared,
  data: 'cifar10',
  epsilonStart: 0.001 * cifarStd,
  optimizer: 'sgd',
  lr: 0.05,
  momentum: 0.9,
  weightDecay: 5e-4,
  augment: { shift: 4, flip: true },
};
