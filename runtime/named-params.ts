/** The parameters of one network, checked against what its module was compiled for. */

import type { ModelMeta, Params } from './contract.ts';
import { InputError } from './errors.ts';

/**
 * `params` under the type that names each of them.
 * @throws InputError listing every parameter that is missing or of another shape.
 */
export function namedParams<Names extends object>(params: Params, meta: ModelMeta): Names {
  const problems = meta.parameters.flatMap(({ name, shape }) => {
    const given = params[name]?.shape;
    if (given === undefined) return [`${name} is missing`];
    const same = given.length === shape.length && given.every((dim, axis) => dim === shape[axis]);
    return same ? [] : [`${name} is [${given.join(', ')}], not [${shape.join(', ')}]`];
  });
  if (problems.length > 0) throw new InputError(`parameters do not fit ${meta.source}: ${problems.join('; ')}`);
  return params as Names;
}
