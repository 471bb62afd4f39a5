import { dense, input, linf, network, relu } from 'dualc';

const x = input([4]);
let hidden = x;
for (let i = 0; i < 10; i) {
  hidden = relu(hidden);
  if (i === 20) break;
}
const logits = dense(hidden, { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
