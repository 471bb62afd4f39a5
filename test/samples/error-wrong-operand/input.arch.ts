import { dense, input, linf, network, relu } from 'dualc';

const x = input([4]);
const main = dense(x, { units: 4 });
const logits = dense(main + x, { units: '2' * 1 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
