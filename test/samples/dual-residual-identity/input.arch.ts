import { add, conv2d, dense, flatten, input, type Layer, linf, network, relu } from 'dualc';

const image = input([6, 6, 1]);

function block(x: Layer): Layer {
  const inner = relu(conv2d(x, { filters: 2, kernelSize: 3, padding: 1 }));
  return relu(add(conv2d(inner, { filters: 2, kernelSize: 3, padding: 1 }), x));
}

const stem = relu(conv2d(image, { filters: 2, kernelSize: 3, padding: 1 }));
const logits = dense(flatten(block(stem)), { units: 3 });

export default network({ input: image, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
