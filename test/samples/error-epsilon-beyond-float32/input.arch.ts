import { dense, input, l2, linf, network } from 'dualc';

const x = input([4]);
const logits = dense(x, { units: 2 });

export const other = network({ input: x, output: logits, ball: l2({ epsilon: 1e39 }) });
export default network({ input: x, output: logits, ball: linf({ epsilon: 1e-46 }) });
