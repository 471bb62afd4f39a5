import { conv2d, input, linf, network } from 'dualc';

const x = input([28, 28, 1]);
const logits = conv2d(x, { filters: 10, kernelSize: 28 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
