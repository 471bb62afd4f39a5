/**
 * What trains, certifies and attacks emitted modules, and reads and writes their files: `import { certify } from 'dualc/runtime/node'`.
 * `dualc/runtime` holds what the modules themselves need, and runs wherever TensorFlow.js does; this part needs Node.
 */
export { type AttackExamplesOptions, type AttackReport, attackExamples } from './attack/attack-examples.ts';
export { defaultStepSize, type PgdOptions, pgdAttack } from './attack/pgd-attack.ts';
export { type BackendInfo, type BackendOptions, selectBackend } from './backend/select-backend.ts';
export { requireSoundBackend, type SelfTestReport, selfTest } from './backend/self-test.ts';
export { type Certification, type CertifyOptions, certify } from './certify/certify.ts';
export { saveCertification } from './certify/save-certification.ts';
export { type Dataset, examplesOf, type Split } from './data/dataset.ts';
export { type DatasetOptions, loadDataset } from './data/load-dataset.ts';
export { loadInputs } from './data/load-inputs.ts';
export { foldIn, keyFrom } from './random/random-key.ts';
export type { Examples } from './train/batches.ts';
export { initializeParams } from './train/initialize.ts';
export { makeTensors, type Snapshot } from './train/snapshot.ts';
export { type Phase, type Report, type TrainHooks, type TrainRun, train } from './train/train.ts';
export type { TrainSettings } from './train/train-settings.ts';
export { type LoadedWeights, loadWeightsFile, type Weights } from './weights/load-weights.ts';
export { saveWeights } from './weights/save-weights.ts';
