import { dense, input, type Layer, linf, network, relu } from 'dualc';
import { depth } from './sizes.ts';

export type Widths = readonly number[];

export function stack(x: Layer, widths: Widths): Layer {
  let out = x;
  for (const units of widths) out = relu(dense(out, { units }));
  return out;
}

// This file describes a network of its own as well; its layers are not part of a file that imports a block.
const own = input([depth]);
const logits = dense(stack(own, [7]), { units: 2 });
export default network({ input: own, output: logits, ball: linf({ epsilon: 0.2 }) });
