import { add, conv2d, dense, flatten, input, l2, linf, maxPool, network, normalize, relu, reshape, soft } from 'dualc';
import { block } from './missing.arch.ts';
import { readFileSync } from 'node:fs';

const image = input([28, 28, 1], { rnge: [0, 1] });
const pixels = normalize(input([8, 8, 3]), { mean: [0.5, 0.5], std: 0 });
const a = conv2d(input([9, 9, 2]), { filters: 0, kernelSize: 3 });
const b = conv2d(input([9, 9, 2]), { filters: 4, kernelSize: '3' });
const c = conv2d(input([9, 9, 2]), { filters: 4, kernelsize: 3 });
const d = conv2d(input([9, 9, 2]), { filters: 4, kernelSize: 3, padding: 'full' });
const e = conv2d(input([9, 9, 2]), { filters: 4, kernelSize: 3, padding: -1 });
const f = conv2d(input([9, 9, 2]), { filters: 4, kernelSize: 3, strides: 1.5 });
const g = conv2d(input([9, 9, 2]), { filters: 4 });
const h = conv2d(input([9, 9, 2]), { filters: 4, kernelSize: 10 });
const i = conv2d(input([9, 9]), { filters: 4, kernelSize: 3 });
const j = dense(input([9, 9]), { units: 3 });
const k = dense(input([9]), { units: -3 });
const l = dense(input([9]));
const m = dense(input([9]), { units: 3, useBias: 'yes' });
const n = dense(input([9]), { units: 3, name: 'not a name' });
const o = add(input([9]), input([8]));
const p = add(input([9]));
const q = relu(input([9]), {}, input([9]));
const r = relu(7);
const s = reshape(input([9]), { shape: [2, 5] });
const t = reshape(input([9]), { shape: 9 });
const u = flaten(input([9]));
const v = relu(undefinedName);
const w = relu(later);
const later = input([9]);
const later = input([9]);
a = b;
const x = 1 / 0;
const y = [1, 2, 3][3];
const z = 'a' * 2;
while (x) break;
class Block {}
const now = Date.now();
const call = image(3);
for (const item of 3) relu(item);
const bad = linf({ epsilon: -1 });
const worse = l2({});
const box = linf({ epsilon: 0.1, box: [1, 0] });
const same = dense(input([9], { name: 'twin' }), { units: 3, name: 'twin' });

// What follows from the errors above is not reported again.
const sum = add(flatten(a), flatten(b), c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w);
const logits = dense(maxPool(block(sum)), { units: x + y + z + now });

export default network({ input: image, output: [logits, same], ball: bad });
