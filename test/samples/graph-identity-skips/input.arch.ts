import { add, conv2d, dense, flatten, input, l2, network, relu } from 'dualc';

const image = input([8, 8, 3]);
let x = conv2d(image, { filters: 6, kernelSize: 3, padding: 'same' });
for (let i = 1; i <= 3; i++) {
  const before = x;
  const inner = relu(conv2d(x, { filters: 6, kernelSize: [3, 1], padding: 'same', useBias: false, name: `inner${i}` }));
  x = add(inner, before);
}
const logits = dense(flatten(relu(x)), { units: 10 });

export default network({ input: image, output: logits, ball: l2({ epsilon: 0.5 }) });
