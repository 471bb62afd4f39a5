import { conv2d, dense, input, linf, network } from 'dualc';

const x = input([28, 28]);
const maps = conv2d(x, { filters: 4, kernelSize: 3 });
const logits = dense(x, { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
