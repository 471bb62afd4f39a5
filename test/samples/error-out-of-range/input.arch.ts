import { averagePool2d, dense, flatten, input, leakyRelu, linf, network } from 'dualc';

const x = input([8, 8, 1]);
const pooled = averagePool2d(leakyRelu(x, { negativeSlope: 1.5 }), { poolSize: 2 });
const corners = averagePool2d(pooled, { poolSize: [3, 2], padding: 2, countPadding: true });
const logits = dense(flatten(corners), { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
