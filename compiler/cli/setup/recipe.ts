/** What a setup fetches, and how much room it takes. */
import { type NativeVariant, tensorFlowVersion, tfjsVersion } from '../../../runtime/native/native-build.ts';

export interface Recipe {
  readonly variant: NativeVariant;
  /** TensorFlow on the Python package index, as pip is asked for it. */
  readonly wheel: string;
  /** For the bar of progress: of the wheel, and of what is taken from it. */
  readonly wheelBytes: number;
  readonly unpackedBytes: number;
  /** Free on the disk at the start: the wheel and what is unpacked lie side by side. */
  readonly neededBytes: number;
}

const MB = 1e6;

export const recipes: Readonly<Record<NativeVariant, Recipe>> = {
  cpu: {
    variant: 'cpu',
    wheel: `tensorflow-cpu==${tensorFlowVersion}`,
    wheelBytes: 207 * MB,
    unpackedBytes: 614 * MB,
    neededBytes: 900 * MB,
  },
  gpu: {
    variant: 'gpu',
    wheel: `tensorflow==${tensorFlowVersion}`,
    wheelBytes: 475 * MB,
    unpackedBytes: 1030 * MB,
    neededBytes: 1800 * MB,
  },
};

/** Which of the published wheels: that of one version of Python, whose parts for Python are not used. */
export const wheelOptions: readonly string[] = [
  '--no-deps',
  '--only-binary=:all:',
  '--python-version',
  '3.11',
  '--platform',
  'manylinux_2_17_x86_64',
];

/** Packages of npm: the sources of the addon with its kernels, and the headers of Node's interface, which all versions of Node share. */
export const sources: { readonly addon: string; readonly headers: string } = {
  addon: `@tensorflow/tfjs-node@${tfjsVersion}`,
  headers: 'node-api-headers@1.9.0',
};
