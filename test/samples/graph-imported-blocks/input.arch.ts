import * as d from 'dualc';
import { stack as dense_stack, type Widths } from './blocks/dense.arch.ts';
import { depth } from './blocks.arch.ts';

const widths: Widths = [24, 12];
const x = d.input([depth * 2]);
const logits = d.dense(dense_stack(x, widths), { units: 2 });

export default d.network({ input: x, output: logits, ball: d.linf({ epsilon: 0.1 }) });
