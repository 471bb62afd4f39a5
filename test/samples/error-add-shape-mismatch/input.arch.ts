import { add, conv2d, dense, flatten, input, linf, network } from 'dualc';

const x = input([32, 32, 3]);
const main = conv2d(x, { filters: 64, kernelSize: 3, strides: 2, padding: 1 });
const skip = conv2d(x, { filters: 32, kernelSize: 1, strides: 2 });
const logits = dense(flatten(add(main, skip)), { units: 10 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
