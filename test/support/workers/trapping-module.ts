/** The toy model, whose certificates trap when they are of more than five examples at once, and whenever the first value of one is small. */
import { toyModel } from '../toy-model.ts';

const model = toyModel();

/** `(module (func (export "f") unreachable))` */
const trapping = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11,
];
const WebAssembly = Reflect.get(globalThis, 'WebAssembly') as {
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object) => { exports: { f(): void } };
};

export const smallValue = 0.05;

export default {
  ...model,
  async certificate(...given: Parameters<typeof model.certificate>) {
    const values = given[1].dataSync();
    const isSmall = Array.from({ length: values.length / 6 }, (_, row) => values[6 * row]! < smallValue);
    if (isSmall.length > 5 || isSmall.includes(true))
      new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(trapping))).exports.f();
    return model.certificate(...given);
  },
};
