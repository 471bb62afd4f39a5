import { add, dense, input, linf, network, relu } from 'dualc';

const x = input([4]);
const sum = add(x);
const both = relu(x, {}, sum);
const logits = dense(both, { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
