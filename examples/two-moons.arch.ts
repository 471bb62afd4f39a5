/** A small dense network for points in the unit square: two interleaved half circles. Trains in seconds. */
import { dense, input, linf, network, relu } from 'dualc';

const point = input([2]);

const dense1 = dense(point, { units: 32 });
const relu1 = relu(dense1);
const dense2 = dense(relu1, { units: 32 });
const relu2 = relu(dense2);
const logits = dense(relu2, { units: 2 });

export default network({ input: point, output: logits, ball: linf({ epsilon: 0.02 }) });
