import { dense, input, linf, network, relu } from 'dualc';

const x = input([4]);
let hidden = dense(x, { units: 8, name: 'logits' });
for (const units of [16, 8]) hidden = relu(dense(hidden, { units, name: 'hidden' }));
const logits = dense(hidden, { units: 2, name: 'logits' });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
