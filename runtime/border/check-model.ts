/** A model that a caller hands over: a module that dualc compiled, for this version of the contract. */
import { contractVersion, functionNames, type ModelMeta, type RobustModel } from '../contract.ts';
import { InputError } from '../errors.ts';
import { showValue } from './show-value.ts';

/** `call` is whose argument it is. Raises `InputError` when it is no compiled module, or one for another version. */
export function checkModel(model: RobustModel, call: string): void {
  const given: Partial<RobustModel> | null | undefined = model;
  const missing = functionNames.find(name => typeof given?.[name] !== 'function');
  if (missing !== undefined) {
    throw new InputError(
      `${call}: model is ${showValue(model)} without ${missing}(): it needs the default export of a module that dualc compiled`,
    );
  }
  checkMeta(model.meta, call);
  if (model.meta.trainingDiffers && typeof model.forwardInTraining !== 'function') {
    throw new InputError(
      `${call}: the network of ${model.meta.source} differs in training, but model has no forwardInTraining(): it needs the default export of a module that dualc compiled`,
    );
  }
}

/** The same of a model's `meta` alone. */
export function checkMeta(meta: ModelMeta, call: string): void {
  const given: Partial<ModelMeta> | null | undefined = meta;
  if (!Array.isArray(given?.parameters) || !Array.isArray(given?.inputShape)) {
    throw new InputError(`${call}: meta is ${showValue(meta)}: it needs the meta of a module that dualc compiled`);
  }
  if (meta.contract !== contractVersion) {
    throw new InputError(
      `${call}: the module of ${meta.source} is for contract ${meta.contract}, this runtime has ${contractVersion}: compile it again`,
    );
  }
}
