import { blok } from './blocks.arch.ts';
import { dense, input, linf, network } from 'dualc';

const x = input([4]);
const logits = dense(blok(x), { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
