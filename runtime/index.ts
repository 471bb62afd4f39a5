/**
 * What emitted modules and their users import, and what trains, certifies and attacks them. Nothing here needs Node: it runs in a
 * browser, on its page or in a worker, as well. `dualc/runtime/node` has all of it, and files.
 */

export { type AttackReport, attackExamples } from './attack/attack-examples.ts';
export type { AttackExamplesOptions, PgdOptions } from './attack/attack-options.ts';
export { defaultStepSize } from './attack/attack-options.ts';
export { type AttackResult, pgdAttack } from './attack/pgd-attack.ts';
export type { BackendInfo } from './backend/load-first.ts';
export { type PortableBackendOptions, selectBackend } from './backend/select-portable-backend.ts';
export { requireSoundBackend, type SelfTestReport, selfTest } from './backend/self-test.ts';
export type { Bytes } from './border/bytes.ts';
/* What emitted modules call; their arguments are checked by the functions of the module. */
export { checkCall } from './border/check-call.ts';
export type { Answer, Cascade, CascadeRule, StageVerdicts } from './cascade/cascade.ts';
export { type CertifyCascadeOptions, certifyCascade, type Stages } from './cascade/certify-cascade.ts';
export type { CascadeCertification, StageRates } from './cascade/judge-cascade.ts';
export { type Prediction, predictByCascade } from './cascade/predict.ts';
export type { KeptBounds } from './certify/certificates.ts';
export type { Certification } from './certify/certification.ts';
export { certify } from './certify/certify.ts';
export type { CertifyOptions } from './certify/certify-options.ts';
export * from './contract.ts';
export { type Dataset, examplesOf, type Split } from './data/dataset.ts';
export { EnvironmentError, InputError } from './errors.ts';
export { importCheckpoint } from './import/import-checkpoint.ts';
export type { ImportedWeights } from './import/import-from.ts';
export type { ImportOptions } from './import/import-options.ts';
export {
  type AskedSizes,
  resultsUnless,
  resultsWhere,
  rowsUnless,
  rowsWhere,
} from './ops/asked-rows.ts';
export { cauchyScale, cauchyScaleGradient } from './ops/cauchy-scale.ts';
export {
  chunkedResults,
  chunkedRows,
  summedChunks,
  unitRows,
} from './ops/chunks.ts';
export { conv2d, type LayerGeometry } from './ops/conv2d.ts';
export { conv2dKernelGradient } from './ops/conv2d-kernel-gradient.ts';
export { geometricMeans } from './ops/geometric-means.ts';
export { type KeptDerived, keepDerived } from './ops/keep-derived.ts';
export { matMul } from './ops/mat-mul.ts';
export { magnitudes, transposed } from './ops/of-parameters.ts';
export { oneHot } from './ops/one-hot.ts';
export { predictedClasses } from './ops/predicted-classes.ts';
export { rowNorms, rowNormsGradient, rowNormsWeightGradient, rowProducts, scaledRows } from './ops/rows.ts';
export { examplesAt, rowsAt, unitRowsAt, windowsAt } from './ops/rows-at.ts';
export { slopeMapNorms } from './ops/slope-map-norms.ts';
export { transposedConv2d } from './ops/transposed-conv2d.ts';
export { transposedConv2dNorms } from './ops/transposed-conv2d-norms.ts';
export { onWindow, windowBehind } from './ops/window-geometry.ts';
export { type WindowsOfMap, windows } from './ops/windows.ts';
export { cauchyNoise, normalNoise } from './random/noise.ts';
export { foldIn, keyFrom } from './random/random-key.ts';
export type { Examples } from './train/batches.ts';
export { type Initialization, initializeParams } from './train/initialize.ts';
export { makeTensors, readTensors, type Snapshot } from './train/snapshot.ts';
export { train } from './train/train.ts';
export type { Phase, Report, TrainHooks, TrainRun } from './train/train-run.ts';
export type { TrainSettings } from './train/train-settings.ts';
export { convertLayout, type Layout } from './weights/layout.ts';
export {
  type EncodeWeightsOptions,
  encodeWeights,
  type ReadWeightsOptions,
  readWeights,
} from './weights/weight-bytes.ts';
export type { LoadedWeights, Weight, Weights } from './weights/weights-from.ts';
