import { dense, input, linf, network } from 'dualc';

const x = input([4]);
const digit = dense(x, { units: 10 });
const parity = dense(x, { units: 2 });

export default network({ input: x, output: [digit, parity], ball: linf({ epsilon: 0.1 }) });
