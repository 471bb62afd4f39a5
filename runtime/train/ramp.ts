/** A quantity that moves linearly from one value to another over the first epochs and stays there. */
export interface Ramp {
  readonly from: number;
  readonly to: number;
  /** Length of the way, in epochs; 0 stands at `to` from the first step. */
  readonly epochs: number;
}

/** The ramp's value after `at` epochs, whole and fractional. */
export function rampAt(ramp: Ramp, at: number): number {
  if (at >= ramp.epochs) return ramp.to;
  return ramp.from + (ramp.to - ramp.from) * (at / ramp.epochs);
}
