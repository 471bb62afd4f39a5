import { dense, input, linf, network, relu } from 'dualc';

const x = input([4]);
const hidden = dense(x, { units: 8 });
relu(hidden);
const logits = dense(hidden, { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
