import { dense, input, linf, network, relu } from 'dualc';

const widths = [16, 32];
const x = input([4]);
const hidden = dense(x, { units: widths.lenght });
const logits = dense(hidden, { units: hidden.shape[0] });

export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: [0, 1] }) });
