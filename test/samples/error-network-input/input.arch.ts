import { dense, input, linf, network, relu } from 'dualc';

const x = input([4]);
const hidden = relu(x);
const logits = dense(hidden, { units: 2 });

export default network({ input: hidden, output: logits, ball: linf({ epsilon: 0.1 }) });
