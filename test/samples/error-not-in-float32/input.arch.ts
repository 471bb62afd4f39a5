import { dense, flatten, input, linf, network, normalize } from 'dualc';

const x = input([4, 4, 3]);
const y = input([4], { range: [0, 1e-45] });
const a = normalize(x, { mean: 0.5, std: 1e-320 });
const b = normalize(x, { mean: [0, 1e39, 0], std: [1, 1, 1e38] });
const c = normalize(x, { mean: 0, std: [3e38, 1, 1] });
const d = normalize(x, { mean: 1e30, std: 1e-30 });
const e = normalize(x, { mean: 1e-38, std: 1 });
const logits = dense(flatten(x), { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 1e-46, box: [1, 1.00000001] }) });
