import { dense, input, linf, network } from 'dualc';

const x = input([4]);
const hidden = dense(x, { units: 8, name: 'layer 1/a' });
const logits = dense(hidden, { units: 2, name: 'margins' });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
