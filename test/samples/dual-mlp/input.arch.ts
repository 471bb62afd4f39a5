import { dense, input, linf, network, relu } from 'dualc';

const x = input([3]);
const hidden1 = relu(dense(x, { units: 4 }));
const hidden2 = relu(dense(hidden1, { units: 5 }));
const logits = dense(hidden2, { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1 }) });
