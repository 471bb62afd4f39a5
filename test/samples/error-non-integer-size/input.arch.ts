import { conv2d, dense, flatten, input, linf, network } from 'dualc';

const x = input([28, 28, 1]);
const width = 15;
const maps = conv2d(x, { filters: width / 2, kernelSize: 3, padding: 0.5 });
const logits = dense(flatten(maps), { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
