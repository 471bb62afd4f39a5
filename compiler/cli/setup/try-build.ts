/** Loads a build in a process of its own and lets it compute: an addon that is wrong may end the process it is loaded in. */
import type { NativeVariant } from '../../../runtime/native/native-build.ts';
import { howEnded, runProgram } from './run-program.ts';

export interface Trial {
  /** Null when it loads and multiplies. */
  readonly problem: string | null;
  readonly usesGpu: boolean;
}

/** Such a build is right, and the machine lacks something. */
export const noGpu: string =
  'TensorFlow finds no GPU: it looks for the libraries of CUDA 12.2 and cuDNN 8 where the system does (LD_LIBRARY_PATH)';

const program = `
const [module, folder, variant] = process.argv.slice(1);
const { multiplyOnBuild } = await import(module);
process.stdout.write(JSON.stringify(await multiplyOnBuild(folder, variant)));
`;

export async function tryBuild(folder: string, variant: NativeVariant): Promise<Trial> {
  const module = new URL('../../../runtime/native/multiply-on-build.js', import.meta.url).href;
  const options = ['--input-type=module', '--eval', program, '--', module, folder, variant];
  const ended = await runProgram([process.execPath, ...options]);
  if (ended?.code === 0) {
    const { usesGpu, product } = JSON.parse(ended.out) as { usesGpu: boolean; product: number };
    const problem = product === 11 ? null : `TensorFlow computes 1 · 3 + 2 · 4 = ${product}`;
    return { problem, usesGpu };
  }
  return { problem: ended === null ? 'Node does not start' : whyNot(ended), usesGpu: false };
}

function whyNot(ended: { code: number | null; signal: NodeJS.Signals | null; err: string }): string {
  if (ended.signal === 'SIGILL')
    return 'it was ended by SIGILL: TensorFlow needs a processor with the instructions AVX';
  const error = ended.err.split('\n').find(line => /^(\w*Error|Error)\b/.test(line));
  return error?.replace(/^\w*Error: /, '') ?? howEnded(ended);
}
