import { conv2d, dense, flatten, input, linf, network } from 'dualc';

const x = input([28, 0, 1]);
const maps = conv2d(x, { filters: -4, kernelSize: [3, 0], strides: 0 });
const logits = dense(flatten(maps), { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
