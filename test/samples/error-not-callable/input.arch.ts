import { dense, input, linf, network, relu } from 'dualc';

const x = input([4]);
const block = dense(x, { units: 16 });
const logits = dense(block(x), { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
