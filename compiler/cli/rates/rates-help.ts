/** For the help of `--rates`: apart, since the help loads nothing that computes. */
export const ratesHelp =
  'times are predicted by: wasm, native, calibrated:BACKEND (this machine, by doctor --calibrate), or FILE.json of a calibration';
