import { dense, input, linf, network, relu } from 'dualc';

const x = input([4]);
let hidden = x;
for (const units of 3) hidden = relu(dense(hidden, { units }));
const [first, second] = { first: 1, second: 2 };
const logits = dense(x, { units: 2, ...[1, 2] });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
