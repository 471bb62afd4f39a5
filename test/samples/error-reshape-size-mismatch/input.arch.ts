import { dense, flatten, input, linf, network, reshape } from 'dualc';

const x = input([784]);
const image = reshape(x, { shape: [28, 27, 1] });
const logits = dense(flatten(image), { units: 2 });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
