/** The large network of the paper's tables, for 28×28 digits: four convolutions and three dense layers. */
import { conv2d, dense, flatten, input, linf, network, relu } from 'dualc';

const image = input([28, 28, 1]);

const conv1 = conv2d(image, { filters: 32, kernelSize: 3, padding: 1 });
const relu1 = relu(conv1);
const conv2 = conv2d(relu1, { filters: 32, kernelSize: 4, strides: 2, padding: 1 });
const relu2 = relu(conv2);
const conv3 = conv2d(relu2, { filters: 64, kernelSize: 3, padding: 1 });
const relu3 = relu(conv3);
const conv4 = conv2d(relu3, { filters: 64, kernelSize: 4, strides: 2, padding: 1 });
const relu4 = relu(conv4);
const dense1 = dense(flatten(relu4), { units: 512 });
const relu5 = relu(dense1);
const dense2 = dense(relu5, { units: 512 });
const relu6 = relu(dense2);
const logits = dense(relu6, { units: 10 });

export default network({ input: image, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
