/** The small network of the paper's tables, for 28×28 digits: two convolutions and two dense layers. */
import { conv2d, dense, flatten, input, linf, network, relu } from 'dualc';

const image = input([28, 28, 1]);

const conv1 = conv2d(image, { filters: 16, kernelSize: 4, strides: 2, padding: 1 });
const relu1 = relu(conv1);
const conv2 = conv2d(relu1, { filters: 32, kernelSize: 4, strides: 2, padding: 1 });
const relu2 = relu(conv2);
const dense1 = dense(flatten(relu2), { units: 100 });
const relu3 = relu(dense1);
const logits = dense(relu3, { units: 10 });

export default network({ input: image, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
