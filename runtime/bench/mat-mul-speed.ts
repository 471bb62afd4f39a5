/** The product of two square matrices: what a backend is measured against. */
import * as tf from '@tensorflow/tfjs-core';

export interface MatMul {
  /** Rows and columns of the matrices. */
  readonly size: number;
  readonly multiplyAdds: number;
  run(): Promise<void>;
  dispose(): void;
}

/** Below this, in milliseconds, what a call costs whatever its size is a good part of it. */
const longEnough = 10;
const largest = 4096;

/** Matrices of the smallest power of two whose product takes ten milliseconds on the present backend, 4,096 at most. */
export async function matMulToMeasure(now: () => number): Promise<MatMul> {
  for (let size = 256; ; size *= 2) {
    const product = makeMatMul(size);
    // The first call starts the backend.
    await product.run();
    const began = now();
    await product.run();
    if (now() - began >= longEnough || size >= largest) return product;
    product.dispose();
  }
}

function makeMatMul(size: number): MatMul {
  const [a, b] = [
    tf.randomUniform([size, size], -1, 1, 'float32', 1),
    tf.randomUniform([size, size], -1, 1, 'float32', 2),
  ];
  return {
    size,
    multiplyAdds: size ** 3,
    async run() {
      const product = tf.matMul(a, b);
      // One number of it: to wait for all, not to copy them.
      const corner = tf.slice(product, [0, 0], [1, 1]);
      await corner.data();
      tf.dispose([product, corner]);
    },
    dispose: () => tf.dispose([a, b]),
  };
}
