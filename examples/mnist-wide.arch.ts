/** Wide(k) of the paper's Table 3 (Appendix G); `--set k=4` makes it four times as wide. */
import { conv2d, dense, flatten, input, linf, network, relu } from 'dualc';

const k = 1;

const image = input([28, 28, 1]);
const conv1 = relu(conv2d(image, { filters: 4 * k, kernelSize: 4, strides: 2, padding: 1 }));
const conv2 = relu(conv2d(conv1, { filters: 8 * k, kernelSize: 4, strides: 2, padding: 1 }));
const dense1 = relu(dense(flatten(conv2), { units: 128 * k }));

export default network({
  input: image,
  output: dense(dense1, { units: 10 }),
  ball: linf({ epsilon: 0.1, box: [0, 1] }),
});
