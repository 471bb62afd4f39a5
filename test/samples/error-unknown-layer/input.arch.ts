import { conv2D, dense, flatten, gelu, input, linf, maxPool2d, network, rleu } from 'dualc';

const x = input([28, 28, 1]);
const maps = conv2D(x, { filters: 4, kernelSize: 3 });
const logits = dense(flatten(maxPool2d(gelu(rleu(maps)))), { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
