import { conv2d, dense, flatten, input, linf, network } from 'dualc';

const x = input([4096, 4096, 3]);
const maps = conv2d(x, { filters: 64, kernelSize: 1 });
const logits = dense(flatten(maps), { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
