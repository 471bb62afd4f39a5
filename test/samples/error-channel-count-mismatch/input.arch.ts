import { dense, flatten, input, linf, network, normalize } from 'dualc';

const x = input([32, 32, 3]);
const pixels = normalize(x, { mean: [0.5], std: [0.2, 0.2, 0.2, 0.2] });
const logits = dense(flatten(pixels), { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
