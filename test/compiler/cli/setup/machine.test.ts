import { describe, expect, it } from 'vitest';
import { type Machine, requireMachine, requireSpace } from '../../../../compiler/cli/setup/machine.ts';
import { EnvironmentError } from '../../../../runtime/errors.ts';

const machine: Machine = { platform: 'linux', arch: 'x64', glibc: true, cudaDriver: true };

describe('requireMachine', () => {
  it('takes Linux on x64, for a GPU with its driver', () => {
    expect(() => requireMachine('gpu', machine)).not.toThrow();
    expect(() => requireMachine('cpu', { ...machine, cudaDriver: false })).not.toThrow();
  });

  it.each([
    [{ platform: 'darwin', arch: 'arm64', glibc: false }, 'this is darwin arm64'],
    [{ arch: 'arm64' }, 'this is linux arm64'],
    [{ glibc: false }, 'this is linux x64 without glibc'],
  ])('refuses %o', (change, found) => {
    const refuse = (): void => requireMachine('cpu', { ...machine, ...change });
    expect(refuse).toThrow(EnvironmentError);
    expect(refuse).toThrow(/^dualc setup native builds for Linux on x64 with glibc, /);
    expect(refuse).toThrow(found);
  });

  it('refuses --gpu where no driver answers', () => {
    expect(() => requireMachine('gpu', { ...machine, cudaDriver: false })).toThrow(
      /^no CUDA driver answers .* Without --gpu it builds for the CPU$/,
    );
  });
});

describe('requireSpace', () => {
  it('compares what is free with what is needed, where the system says it', () => {
    expect(() => requireSpace('/cache', 900e6, 899e6)).toThrow(/in \/cache: it takes 858 MiB .* and 857 MiB are free/);
    expect(() => requireSpace('/cache', 900e6, 900e6)).not.toThrow();
    expect(() => requireSpace('/cache', 900e6, null)).not.toThrow();
  });
});
