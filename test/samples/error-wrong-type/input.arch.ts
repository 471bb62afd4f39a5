import { add, conv2d, dense, flatten, input, linf, network } from 'dualc';

const x = input([28, 28, 1]);
const maps = conv2d(x, { filters: '4', kernelSize: [3, 3, 3], padding: 'full', useBias: 1 });
const sum = add([maps, maps]);
const logits = dense(flatten(sum), 2);

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
