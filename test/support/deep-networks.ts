/** Architectures of any depth, as files that are nowhere on disk. */
import { type CompileResult, compileArchitecture } from '../../compiler/compile.ts';
import type { CompileOptions } from '../../compiler/options.ts';
import { silentTrace, type Trace } from '../../compiler/shared/trace.ts';

/** What stands between the input `x` and the logits, `depth` times. */
const blocks = {
  'dense and relu': 'x = relu(dense(x, { units: 3 }));',
  dense: 'x = dense(x, { units: 3 });',
  relu: 'x = relu(x);',
  convolutional: 'x = relu(conv2d(x, { filters: 1, kernelSize: 3, padding: 1 }));',
  residual: 'x = add(x, dense(relu(dense(x, { units: 3 })), { units: 3 }));',
} as const;

export type DeepKind = keyof typeof blocks;
export const deepKinds = Object.keys(blocks) as DeepKind[];

export const deepArchitecture = (kind: DeepKind, depth: number): string => `
import { add, conv2d, dense, flatten, input, linf, network, relu, type Layer } from 'dualc';
const point = input(${kind === 'convolutional' ? '[3, 3, 1]' : '[3]'});
let x: Layer = ${kind === 'convolutional' ? 'point' : 'dense(point, { units: 3 })'};
for (let i = 0; i < ${depth}; i++) ${blocks[kind]}
export default network({ input: point, output: dense(flatten(x), { units: 2 }), ball: linf({ epsilon: 0.1, box: [0, 1] }) });
`;

export const compileDeep = (
  kind: DeepKind,
  depth: number,
  options: Partial<CompileOptions> = {},
  trace: Trace = silentTrace,
): CompileResult =>
  compileArchitecture('deep.arch.ts', options, trace, {
    open: () => ({ kind: 'text', text: deepArchitecture(kind, depth) }),
  });
