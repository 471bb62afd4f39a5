/** The Deep(k) networks of the paper (Appendix F), and how large their modules are. */
import { compileArchitecture } from '../../compiler/compile.ts';
import { silentTrace } from '../../compiler/shared/trace.ts';

/** `k` convolutions with 8 filters and `k` with 16, the last of each downsampling, on 28 × 28 digits. */
export const deepPaper = (k: number): string => `
import { conv2d, dense, flatten, input, linf, network, relu, type Layer } from 'dualc';
const image = input([28, 28, 1]);
let x: Layer = image;
for (const filters of [8, 16]) {
  for (let i = 1; i < ${k}; i++) x = relu(conv2d(x, { filters, kernelSize: 3, padding: 1 }));
  x = relu(conv2d(x, { filters, kernelSize: 4, strides: 2, padding: 1 }));
}
const hidden = relu(dense(flatten(x), { units: 100 }));
export default network({ input: image, output: dense(hidden, { units: 10 }), ball: linf({ epsilon: 0.1, box: [0, 1] }) });
`;

export function compileDeepPaper(k: number): string {
  return compileArchitecture('deep.arch.ts', {}, silentTrace, {
    open: () => ({ kind: 'text', text: deepPaper(k) }),
  }).code;
}

export const moduleSize = (code: string): { readonly lines: number; readonly bytes: number } => ({
  lines: code.split('\n').length - 1,
  bytes: Buffer.byteLength(code),
});
