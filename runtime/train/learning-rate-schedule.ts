/** How the learning rate falls during training. */
export type LearningRateSchedule =
  | { readonly kind: 'constant' }
  /** Halved every `every` epochs once `after` epochs are done (the paper: every 10 after 20). */
  | { readonly kind: 'halve'; readonly every: number; readonly after: number }
  /** Half a cosine from the full rate at the start to 0 at the end. */
  | { readonly kind: 'cosine' };

/** The rate after `at` epochs, whole and fractional, of `epochs`. */
export function learningRateAt(schedule: LearningRateSchedule, initial: number, at: number, epochs: number): number {
  switch (schedule.kind) {
    case 'constant':
      return initial;
    case 'halve':
      return at < schedule.after ? initial : initial * 0.5 ** (Math.floor((at - schedule.after) / schedule.every) + 1);
    case 'cosine':
      return (initial * (1 + Math.cos((Math.PI * at) / epochs))) / 2;
  }
}
