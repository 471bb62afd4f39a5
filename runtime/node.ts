/**
 * All of `dualc/runtime`, and what needs Node: files, datasets in folders, native backends. `import { certify } from
 * 'dualc/runtime/node'`. Its `selectBackend` takes the place of the other: it knows the installed packages.
 */

export { type BackendOptions, selectBackend } from './backend/select-backend.ts';
export { saveCertification } from './certify/save-certification.ts';
export { type DatasetOptions, loadDataset } from './data/load-dataset.ts';
export { type InputsOptions, loadInputs } from './data/load-inputs.ts';
export { importWeights } from './import/import-weights.ts';
export * from './index.ts';
export { loadWeightsFile } from './weights/load-weights.ts';
export { saveWeights } from './weights/save-weights.ts';
