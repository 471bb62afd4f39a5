import { add, dense, input, linf, network, relu } from 'dualc';

const x = input([3]);
const before = dense(x, { units: 4 });
const left = relu(before);
const right = relu(before);
const logits = add(dense(left, { units: 2 }), dense(right, { units: 2 }));

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1 }) });
