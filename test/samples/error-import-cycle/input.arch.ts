import { block } from './blocks.arch.ts';
import { dense, input, linf, network } from 'dualc';

export const width = 8;
const x = input([4]);
const logits = dense(block(x), { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
