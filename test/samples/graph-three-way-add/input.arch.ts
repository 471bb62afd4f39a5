import { add, dense, input, linf, network, relu } from 'dualc';

// A skip straight from the input, an identity, and a branch; `shared` is used three times.
const point = input([6], { range: [-1, 1] });
const shared = relu(dense(point, { units: 6 }));
const branch = dense(shared, { units: 6 });
const sum = add(point, shared, branch, { name: 'total' });
const twice = add(shared, shared);
const logits = dense(relu(add(sum, twice)), { units: 3 });

export default network({ input: point, output: logits, ball: linf({ epsilon: 1 / 8 }) });
