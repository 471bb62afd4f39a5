/** TensorFlow as `dualc setup native` builds it: for which variants, of which versions, where. */
import path from 'node:path';
import { cacheFolder, type Environment } from '../files/cache-folder.ts';

export type NativeVariant = 'cpu' | 'gpu';

/** Of `@tensorflow/tfjs-node`, whose sources and kernels it takes: the same as that of dualc's own TensorFlow.js. */
export const tfjsVersion = '4.22.0';
/** The last for which that addon was found to work. */
export const tensorFlowVersion = '2.15.1';

/** The command that builds it. */
export const setupCommandOf = (variant: NativeVariant): string =>
  `dualc setup native${variant === 'gpu' ? ' --gpu' : ''}`;

/** A folder for all projects of the user, beside those of other versions: an installation of packages does not touch it. */
export function nativeFolder(variant: NativeVariant, env: Environment = process.env): string {
  return path.resolve(cacheFolder(env), 'native', `${tfjsVersion}-${variant}`);
}

/** Parts of a build, as paths in its folder. */
export const buildParts = {
  manifest: 'manifest.json',
  /** TensorFlow's libraries; the addon looks for them in `../lib`. */
  libraries: 'lib',
  addon: 'addon/tfjs_binding.node',
  /** JavaScript of `@tensorflow/tfjs-node`: the kernels, and the backend that calls the addon. */
  kernels: 'package/dist/register_all_kernels.js',
  backend: 'package/dist/nodejs_kernel_backend.js',
} as const;

/** Whether `dualc setup native` works here at all: TensorFlow is published as a library for no other system in this form. */
export const canBeBuilt = (platform: string = process.platform, arch: string = process.arch): boolean =>
  platform === 'linux' && arch === 'x64';
