/** The small network of the paper's tables, for 32×32 colour images. The ball is in pixel units: the network normalizes by itself. */
import { conv2d, dense, flatten, input, linf, network, normalize, relu } from 'dualc';

const image = input([32, 32, 3]);

const pixels = normalize(image, { mean: [0.485, 0.456, 0.406], std: 0.225 });
const conv1 = conv2d(pixels, { filters: 16, kernelSize: 4, strides: 2, padding: 1 });
const relu1 = relu(conv1);
const conv2 = conv2d(relu1, { filters: 32, kernelSize: 4, strides: 2, padding: 1 });
const relu2 = relu(conv2);
const dense1 = dense(flatten(relu2), { units: 100 });
const relu3 = relu(dense1);
const logits = dense(relu3, { units: 10 });

export default network({ input: image, output: logits, ball: linf({ epsilon: 2 / 255, box: [0, 1] }) });
