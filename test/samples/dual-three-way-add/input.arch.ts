import { add, dense, input, linf, network, relu } from 'dualc';

const x = input([4]);
const first = relu(dense(x, { units: 4 }));
const second = relu(dense(first, { units: 4 }));
const joined = add(second, first, dense(x, { units: 4 }));
const logits = dense(relu(joined), { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1 }) });
