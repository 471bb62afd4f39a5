import { dense, input, linf, network, relu } from 'dualc';

const x = input([4]);
const hidden = relu(dense(x, { units: width }));
const width = 16;
const logits = dense(hidden, { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
