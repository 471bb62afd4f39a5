import { add, conv2d, dense, flatten, input, linf, network, normalize, relu, reshape } from 'dualc';

const image = input([12, 12, 3]);
const pixels = normalize(image, { mean: [0.485, 0.456, 0.406], std: 0.225 });
const branches = [1, 3, 5].map(kernelSize => relu(conv2d(pixels, { filters: 4, kernelSize, strides: 2, padding: 'same' })));
const joined = add(...branches);
// Asymmetric padding, given side by side; what is not given is none.
const wide = conv2d(joined, { filters: 2, kernelSize: [2, 4], strides: [1, 2], padding: { bottom: 1, left: 2, right: 1 } });
const folded = reshape(wide, { shape: [3, 6, 2] });
const logits = dense(flatten(conv2d(folded, { filters: 5, kernelSize: 3 })), { units: 4 });

export default network({ input: image, output: logits, ball: linf({ epsilon: 2 / 255, box: [0, 1] }) });
