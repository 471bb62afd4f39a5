import { readFileSync } from 'node:fs';
import { dense, input, linf, network } from 'dualc';

const x = input([4]);
const units = Number(readFileSync('units.txt', 'utf8'));
const logits = dense(x, { units });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
