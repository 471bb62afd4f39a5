/** Deep(k) of the paper (Appendix G); `--set k=4` makes it four times as deep. */
import { conv2d, dense, flatten, input, type Layer, linf, network, relu } from 'dualc';

const k = 1;

/** `k` layers; the last one halves height and width. */
function stack(x: Layer, filters: number): Layer {
  let last = x;
  for (let i = 1; i < k; i++) last = relu(conv2d(last, { filters, kernelSize: 3, padding: 1 }));
  return relu(conv2d(last, { filters, kernelSize: 4, strides: 2, padding: 1 }));
}

const image = input([28, 28, 1]);
const maps = stack(stack(image, 8), 16);
const hidden = relu(dense(flatten(maps), { units: 100 }));

export default network({
  input: image,
  output: dense(hidden, { units: 10 }),
  ball: linf({ epsilon: 0.1, box: [0, 1] }),
});
