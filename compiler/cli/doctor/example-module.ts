/** The small network for digits, which comes with dualc, as a module that every backend is measured on. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RobustModel } from '../../../runtime/contract.ts';
import { writeWholeFile } from '../../../runtime/files/write-file.ts';
import { compileArchitecture } from '../../compile.ts';
import type { MeasuredModel } from './measure-speed.ts';

export interface ExampleModule {
  readonly file: string;
  /** Of its exact bounds and margins. */
  readonly multiplyAddsPerExample: number;
}

/** Compiles it into a folder. */
export async function compileExample(folder: string): Promise<ExampleModule> {
  const root = path.dirname(createRequire(import.meta.url).resolve('dualc/package.json'));
  const { code, schedule } = compileArchitecture(path.join(root, 'examples/mnist-small.arch.ts'), {
    language: 'js',
    tensors: new URL('../../../runtime/tensors.js', import.meta.url).href,
    runtime: new URL('../../../runtime/index.js', import.meta.url).href,
  });
  const file = path.join(folder, 'example.mjs');
  await writeWholeFile(file, code);
  return { file, multiplyAddsPerExample: schedule.certify.choices.reduce((sum, { macs }) => sum + macs, 0) };
}

export async function importExample({ file, multiplyAddsPerExample }: ExampleModule): Promise<MeasuredModel> {
  const module = (await import(pathToFileURL(file).href)) as { default: RobustModel };
  return { model: module.default, multiplyAddsPerExample };
}
