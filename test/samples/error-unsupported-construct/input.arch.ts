import { dense, input, linf, network, relu } from 'dualc';

const x = input([4]);
let hidden = x;
let width = 64;
while (width > 8) {
  hidden = relu(dense(hidden, { units: width }));
  width = width >> 1;
}
class Block {}
var units = 2;
const logits = dense(hidden, { units });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
