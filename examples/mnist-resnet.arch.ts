/** The residual network of the paper's tables, for 28×28 digits: a convolution, four residual blocks, two dense layers. */
import { add, conv2d, dense, flatten, input, type Layer, linf, network, relu } from 'dualc';

const image = input([28, 28, 1]);

/**
 * Two convolutions beside a skip connection that is a convolution itself.
 * A block that downsamples halves height and width, with even kernels so that nothing is left over.
 */
function block(name: string, x: Layer, filters: number, downsample: boolean): Layer {
  const strides = downsample ? 2 : 1;
  const conv1 = conv2d(x, { filters, kernelSize: downsample ? 4 : 3, strides, padding: 1, name: `${name}_conv1` });
  const relu1 = relu(conv1, { name: `${name}_relu1` });
  const conv2 = conv2d(relu1, { filters, kernelSize: 3, padding: 1, name: `${name}_conv2` });
  const skip = conv2d(x, { filters, kernelSize: downsample ? 2 : 1, strides, name: `${name}_skip` });
  return relu(add(conv2, skip, { name: `${name}_add` }), { name: `${name}_relu2` });
}

const blocks = [
  { filters: 16, downsample: false },
  { filters: 16, downsample: false },
  { filters: 32, downsample: true },
  { filters: 64, downsample: true },
];

const conv1 = conv2d(image, { filters: 16, kernelSize: 3, padding: 1 });
const relu1 = relu(conv1);
let x: Layer = relu1;
for (const [index, { filters, downsample }] of blocks.entries()) {
  x = block(`block${index + 1}`, x, filters, downsample);
}
const dense1 = dense(flatten(x), { units: 1000 });
const relu2 = relu(dense1);
const logits = dense(relu2, { units: 10 });

export default network({ input: image, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
