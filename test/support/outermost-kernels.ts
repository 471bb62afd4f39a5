/** Kernels that a computation asks its backend for. Those that a kernel itself is made of, as some of TensorFlow's are, are the backend's own. */
import * as tf from '@tensorflow/tfjs-core';

export function outermostKernels(compute: () => void): ReadonlySet<string> {
  const engine = tf.engine();
  const { runKernel } = engine;
  const names = new Set<string>();
  let depth = 0;
  engine.runKernel = (name, ...others) => {
    if (depth === 0) names.add(name);
    depth++;
    try {
      return runKernel.call(engine, name, ...others) as never;
    } finally {
      depth--;
    }
  };
  try {
    compute();
  } finally {
    Reflect.deleteProperty(engine, 'runKernel');
  }
  return names;
}
