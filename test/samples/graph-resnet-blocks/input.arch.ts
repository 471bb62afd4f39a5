import { add, conv2d, dense, flatten, input, linf, network, relu, type Layer } from 'dualc';

const image = input([28, 28, 1]);

function block(x: Layer, filters: number, downsample: boolean): Layer {
  const strides = downsample ? 2 : 1;
  const main = relu(conv2d(x, { filters, kernelSize: downsample ? 4 : 3, strides, padding: 1 }));
  const skip = conv2d(x, { filters, kernelSize: downsample ? 2 : 1, strides });
  return relu(add(conv2d(main, { filters, kernelSize: 3, padding: 1 }), skip));
}

let x = relu(conv2d(image, { filters: 16, kernelSize: 3, padding: 1 }));
x = block(block(block(x, 16, false), 32, true), 64, true);
const logits = dense(relu(dense(flatten(x), { units: 1000 })), { units: 10 });

export default network({ input: image, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
