import { dense, input, linf, network } from 'dualc';

const x = input([4]);
const logits = dense(x, { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 8, box: [0, 1] }) });
