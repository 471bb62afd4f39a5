import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../../compiler/cli/exit-codes.ts';
import { machineFault } from '../../../compiler/cli/machine-faults.ts';

/** What an action raises. */
function raised(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was raised');
}
const { RuntimeError } = Reflect.get(globalThis, 'WebAssembly') as { RuntimeError: new (message: string) => Error };

describe('faults of the machine', () => {
  it.each([
    ['an array that no memory holds', raised(() => new Float32Array(2 ** 40))],
    ['a buffer that no memory holds', raised(() => new ArrayBuffer(2 ** 52))],
    ['a trap of WebAssembly', new RuntimeError('memory access out of bounds')],
    ['a call that the system refuses', raised(() => readFileSync('/proc/self/mem/x'))],
  ])('%s', (_, error) => {
    expect(exitCodeOf(error)).toBe(3);
    expect(machineFault(error)).toContain((error as Error).message);
  });

  it.each([
    ['a length that is no length', raised(() => new Float32Array(-1))],
    ['an array a little longer than it may be', raised(() => new Array(-1))],
    [
      'a stack overflow',
      raised(() => {
        const deeper = (): number => 1 + deeper();
        deeper();
      }),
    ],
    ['a mistake', raised(() => (undefined as unknown as { x: number }).x)],
    ['no error', 'text'],
  ])('not %s', (_, error) => expect(exitCodeOf(error)).toBe(70));
});
