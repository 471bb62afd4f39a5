import { dense, input, linf, network, relu } from 'dualc';

const widths = [16, 32];
const x = input([4]);
let hidden = x;
for (let i = 0; i <= 2; i++) hidden = relu(dense(hidden, { units: widths[i] }));
const logits = dense(hidden, { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
