/** Weights of a network from the tensors of a safetensors file, in either layout. */
import type { ModelMeta } from '../contract.ts';
import { InputError } from '../errors.ts';
import { mismatches, nonFinite } from './check-parameters.ts';
import { floatsOf } from './float-values.ts';
import { convertLayout, differs, isLayout, type Layout, layouts, refusedLayout } from './layout.ts';
import type { SafetensorsFile } from './parse-safetensors.ts';

/** A parameter as plain data, layout `tfjs`, row-major. */
export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type Weights = Readonly<Record<string, Weight>>;

export interface LoadedWeights {
  readonly weights: Weights;
  /** The layout of the file. */
  readonly layout: Layout;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The parameters that `meta` lists, converted to layout `tfjs`. The file's metadata `layout` says how they are stored; without
 * it the shapes decide when only one layout fits. Raises `InputError` that lists every missing, unexpected and misshapen tensor
 * and every value that is not finite.
 */
export function weightsFrom(source: SafetensorsFile, meta: ModelMeta, file: string): LoadedWeights {
  const layout = layoutOf(source, meta, file);
  const problems = mismatches(source.tensors, meta.parameters, layout);
  problems.push(...refusedLayout(meta.parameters, layout));
  const weights: [string, Weight][] = [];
  for (const parameter of meta.parameters) {
    const tensor = source.tensors.get(parameter.name);
    if (tensor === undefined) continue;
    const floats = floatsOf(tensor.dtype, tensor.data);
    if (floats === null) {
      problems.push(
        `wrong type: ${parameter.name} is ${tensor.dtype} in the file, and a weight is a floating-point number`,
      );
      continue;
    }
    const bad = nonFinite(parameter.name, floats, tensor.shape);
    if (bad !== null) problems.push(bad);
    if (problems.length > 0) continue;
    weights.push([parameter.name, { shape: parameter.shape, data: convertLayout(floats, parameter, layout, 'tfjs') }]);
  }
  if (problems.length > 0) {
    throw new InputError(
      [`${file} does not fit ${meta.source} (shapes in layout ${layout}):`, ...problems.map(line => `  ${line}`)].join(
        '\n',
      ),
    );
  }
  return { weights: Object.fromEntries(weights), layout, metadata: source.metadata };
}

function layoutOf({ metadata, tensors }: SafetensorsFile, meta: ModelMeta, file: string): Layout {
  const said = metadata.layout;
  if (said !== undefined) {
    if (isLayout(said)) return said;
    throw new InputError(`${file}: its metadata layout is ${JSON.stringify(said)}; known are ${layouts.join(', ')}`);
  }
  const [tfjs, pytorch] = layouts.map(layout => mismatches(tensors, meta.parameters, layout).length);
  // A square dense kernel, say, reads the same in both: a wrong guess would silently transpose it.
  if (tfjs === 0 && pytorch === 0 && meta.parameters.some(differs)) {
    throw new InputError(
      `${file}: its metadata has no layout, and the shapes do not decide whether it is ${layouts.join(' or ')}. ` +
        'Run `dualc import` on it with --layout, which writes a file that says so',
    );
  }
  return tfjs! <= pytorch! ? 'tfjs' : 'pytorch';
}
