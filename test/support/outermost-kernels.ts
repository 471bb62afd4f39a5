/** Kernels that a computation asks its backend for until it returns, and what it returns. Those that a kernel itself is made of, as some of TensorFlow's are, are the backend's own. */
import * as tf from '@tensorflow/tfjs-core';

export function outermostKernels<T>(compute: () => T): { readonly used: ReadonlySet<string>; readonly result: T } {
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
    return { used: names, result: compute() };
  } finally {
    Reflect.deleteProperty(engine, 'runKernel');
  }
}
