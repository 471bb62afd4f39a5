import { describe, expect, it } from 'vitest';
import { isSoftware, loadedOn, nameOfAdapter, softwareProblem } from '../../../../runtime/backend/webgpu/adapter.ts';
import type { AdapterInfo } from '../../../../runtime/backend/webgpu/dawn.ts';

const gpu: AdapterInfo = {
  vendor: 'nvidia',
  architecture: 'hopper',
  device: 'nvidia-h200',
  description: '550.54.15',
  isFallbackAdapter: false,
};
const swiftShader: AdapterInfo = {
  vendor: 'google',
  architecture: 'swiftshader',
  device: 'swiftshader-device-subzero-',
  description: 'SwiftShader driver 5.0.0',
  isFallbackAdapter: true,
};
const llvmpipe: AdapterInfo = {
  vendor: 'mesa',
  architecture: '',
  device: 'llvmpipe (LLVM 15.0.6, 256 bits)',
  description: 'Mesa 22.3.6',
  isFallbackAdapter: false,
};

describe('an adapter', () => {
  it('is software when it says so, or is a driver that is known to compute on the CPU', () => {
    expect([swiftShader, llvmpipe, { ...swiftShader, isFallbackAdapter: false }].map(isSoftware)).toEqual([
      true,
      true,
      true,
    ]);
    expect(isSoftware({ ...gpu, isFallbackAdapter: true })).toBe(true);
    expect(isSoftware({ ...gpu, description: 'Microsoft Basic Render Driver' })).toBe(true);
    expect(isSoftware(gpu)).toBe(false);
  });

  it('is called by what it says of itself', () => {
    expect(nameOfAdapter(gpu)).toBe('nvidia nvidia-h200, 550.54.15');
    expect(nameOfAdapter({ ...gpu, device: '', description: '' })).toBe('nvidia hopper');
    expect(nameOfAdapter({ ...gpu, vendor: '', architecture: '', device: '', description: '' })).toBe(
      'an adapter without a name',
    );
  });

  it('that is software will do only when WebGPU was asked for, with a warning', () => {
    expect(softwareProblem(swiftShader, 'any')).toBe(
      'webgpu finds no GPU but google swiftshader-device-subzero-, SwiftShader driver 5.0.0, which computes on the CPU: --backend webgpu takes it',
    );
    expect([softwareProblem(swiftShader, 'this'), softwareProblem(gpu, 'any'), softwareProblem(gpu, 'this')]).toEqual([
      null,
      null,
      null,
    ]);
    expect(loadedOn(swiftShader).detail).toMatch(/^WebGPU on google .* \(software\)$/);
    expect(loadedOn(swiftShader).warning).toContain('far slower than WebAssembly');
    expect(loadedOn(gpu)).toEqual({ detail: 'WebGPU on nvidia nvidia-h200, 550.54.15', threads: 1, simd: true });
  });
});
