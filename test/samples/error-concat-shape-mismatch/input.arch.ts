import { concat, conv2d, dense, flatten, input, linf, network } from 'dualc';

const x = input([32, 32, 3]);
const fine = conv2d(x, { filters: 8, kernelSize: 3, padding: 1 });
const coarse = conv2d(x, { filters: 8, kernelSize: 2, strides: 2 });
const logits = dense(flatten(concat(x, fine, coarse)), { units: 10 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
