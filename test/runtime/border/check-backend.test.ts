import { expect, it } from 'vitest';
import { initializeParams, keyFrom, makeTensors } from '../../../runtime/index.ts';

it('says what is missing when a program forgot to select a backend', () => {
  const message = /: nothing computes yet: await selectBackend\(\) first/;
  expect(() => makeTensors({ a: { shape: [1], data: new Float32Array(1) } })).toThrow(message);
  expect(() => initializeParams([], keyFrom(0))).toThrow(message);
});
