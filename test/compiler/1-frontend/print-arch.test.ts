import { describe, expect, it } from 'vitest';
import { readArchitecture } from '../../../compiler/1-frontend/index.ts';
import { printArch } from '../../../compiler/1-frontend/print-arch.ts';
import { createReporter } from '../../../compiler/diagnostics/reporter.ts';

const printed = (text: string): string => {
  const ast = readArchitecture('net.arch.ts', createReporter(), { open: () => ({ kind: 'text', text }) });
  return printArch(ast!);
};

describe('printArch', () => {
  it('shows the calls in the order in which they were reached, with names and places', () => {
    const text = `import { dense, input, linf, network, relu } from 'dualc';
const image = input([4]);
const block = (x, units) => relu(dense(x, { units, name: \`d\${units}\` }));
export default network({ input: image, output: dense(block(image, 3), { units: 2 }), ball: linf({ epsilon: 0.1 }) });`;
    expect(printed(text)).toBe(`file net.arch.ts
#0 = input({shape: [4], range: [0,1]})     ; const image, net.arch.ts:2
#1 = dense(#0, {units: 3, useBias: true})  ; name 'd3', net.arch.ts:3, called from net.arch.ts:4
#2 = relu(#1)                              ; no name, net.arch.ts:3, called from net.arch.ts:4
#3 = dense(#2, {units: 2, useBias: true})  ; no name, net.arch.ts:4
network(input #0, output #3, ball {"norm":"linf","epsilon":0.1,"box":null})
`);
  });

  it('says what was refused', () => {
    const text = `import { dense, input, linf, network } from 'dualc';
const image = input([4]);
const logits = dense(image, { units: -2 });
export default network({ input: image, output: lost, ball: linf({ epsilon: 0 }) });`;
    expect(printed(text)).toContain('#1 = dense(#0, {refused})');
    expect(printed(text)).toContain('network(input #0, output refused, ball refused)');
  });
});
