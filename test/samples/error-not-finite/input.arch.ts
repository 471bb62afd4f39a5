import { dense, input, linf, network, relu } from 'dualc';

const x = input([4]);
const groups = 0;
const logits = dense(x, { units: 10 / groups });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
