import { dense, input, linf, network, relu } from 'dualc';

const x = input([4]);
const width = Math.floor(64 * Math.random());
const depth = process.env.DEPTH;
const settings = await import('./settings.arch.ts');
const logits = dense(relu(dense(x, { units: width })), { units: settings.classes });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
