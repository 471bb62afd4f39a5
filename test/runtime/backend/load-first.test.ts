import { describe, expect, it } from 'vitest';
import { type Loaders, loadFirst } from '../../../runtime/backend/load-first.ts';
import type { Demand, Loaded, NotLoaded } from '../../../runtime/backend/loaded-backend.ts';
import { EnvironmentError } from '../../../runtime/errors.ts';

const wasm: Loaded = { detail: 'WebAssembly', threads: 1, simd: true };
const software: Loaded = { detail: 'WebGPU on a CPU', threads: 1, simd: true, warning: 'it is slow' };

/** A GPU that will do for those who ask for it. */
function loadersOf(demands: Demand[]): Loaders {
  const webgpu = async (demand: Demand): Promise<Loaded | NotLoaded> => {
    demands.push(demand);
    return demand === 'this' ? software : { problem: 'webgpu is played by the CPU' };
  };
  return { native: async () => ({ problem: 'native is not there' }), webgpu, wasm: async () => wasm };
}

describe('loadFirst', () => {
  it('tells a backend whether it was asked for, and gives its warning', async () => {
    const demands: Demand[] = [];
    const asked = await loadFirst(loadersOf(demands), { name: 'webgpu', source: '--backend' });
    expect(asked).toMatchObject({ name: 'webgpu', warning: 'it is slow', passedOver: [] });
    const first = await loadFirst(loadersOf(demands), null);
    expect(first).toMatchObject({ name: 'wasm', warning: null });
    expect(first.passedOver).toEqual([
      { name: 'native', problem: 'native is not there' },
      { name: 'webgpu', problem: 'webgpu is played by the CPU' },
    ]);
    expect(demands).toEqual(['this', 'any']);
  });

  it('says who asked for one that does not load, and why it does not', async () => {
    const failing: Loaders = {
      webgpu: () => Promise.reject(new Error('no driver\nat a.js:1')),
      wasm: async () => wasm,
    };
    await expect(loadFirst(failing, { name: 'webgpu', source: '--backend' })).rejects.toThrow(
      new EnvironmentError('--backend asks for webgpu: webgpu does not load: no driver'),
    );
  });
});
