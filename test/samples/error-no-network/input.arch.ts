import { dense, input } from 'dualc';

const x = input([4]);
export const logits = dense(x, { units: 2 });
