import { add, dense, input, l2, network, relu } from 'dualc';

const x = input([3]);
const hidden = dense(relu(dense(x, { units: 3 })), { units: 3 });
const logits = dense(relu(add(hidden, x)), { units: 2 });

export default network({ input: x, output: logits, ball: l2({ epsilon: 0.5 }) });
