import { conv2d, dense, flatten, input, type Layer, linf, network, relu } from 'dualc';

function reduce(maps: Layer): Layer {
  return relu(conv2d(maps, { filters: 4, kernelSize: 5, strides: 2 }));
}
const x = input([8, 8, 1]);
const logits = dense(flatten(reduce(reduce(x))), { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
