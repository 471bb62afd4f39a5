import { conv2D, dense, flatten, input, linf, maxPool2d, network } from 'dualc';

const x = input([28, 28, 1]);
const maps = conv2D(x, { filters: 4, kernelSize: 3 });
const logits = dense(flatten(maxPool2d(maps)), { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
