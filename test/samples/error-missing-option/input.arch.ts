import { conv2d, dense, flatten, input, linf, network } from 'dualc';

const x = input([28, 28, 1]);
const maps = conv2d(x, { strides: 2 });
const logits = dense(flatten(maps));

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
export const radius = linf();
