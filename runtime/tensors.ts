/**
 * The TensorFlow.js that emitted modules compute with: `import * as tf from 'dualc/runtime/tensors'`.
 *
 * Programs make the tensors they hand to a module with the same one. Packagers that keep dependencies of dependencies out of reach
 * resolve it, there is no second copy whose tensors the first does not know, and bundlers see which functions of it are used.
 */
export * from '@tensorflow/tfjs-core';
