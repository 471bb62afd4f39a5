import { dense, input, linf, network } from 'dualc';

const x = input([4]);
const logits = dense(dense(x, { units: 10 ** 9 }), { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
