import { conv2d, dense, flatten, input, linf, network, relu } from 'dualc';

const x = input([512, 512, 64]);
const maps = conv2d(x, { filters: 4096, kernelSize: 400, strides: 100 });
const hidden = relu(dense(flatten(x), { units: 100 }));
const logits = dense(hidden, { units: 10 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
