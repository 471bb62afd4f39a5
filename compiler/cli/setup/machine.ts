/** Whether TensorFlow can be set up on this machine. */
import { EnvironmentError } from '../../../runtime/errors.ts';
import { freeBytes } from '../../../runtime/files/free-space.ts';
import { cudaDriverAnswers } from '../../../runtime/native/cuda-driver.ts';
import { canBeBuilt, type NativeVariant } from '../../../runtime/native/native-build.ts';
import { printBytes } from '../../../runtime/report/print-bytes.ts';

export interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** Whether the C library is glibc, for which the wheels are built. */
  readonly glibc: boolean;
  readonly cudaDriver: boolean;
}

export function thisMachine(): Machine {
  const { platform, arch } = process;
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  const glibc = report.header?.glibcVersionRuntime !== undefined;
  return { platform, arch, glibc, cudaDriver: cudaDriverAnswers() };
}

/** @throws EnvironmentError that says why not */
export function requireMachine(variant: NativeVariant, machine: Machine): void {
  const { platform, arch, glibc, cudaDriver } = machine;
  if (!canBeBuilt(platform, arch) || !glibc) {
    const found = `${platform} ${arch}${platform === 'linux' && !glibc ? ' without glibc' : ''}`;
    throw new EnvironmentError(
      `dualc setup native builds for Linux on x64 with glibc, the one system for which TensorFlow is published in the form it needs; this is ${found}`,
    );
  }
  if (variant === 'gpu' && !cudaDriver) {
    throw new EnvironmentError(
      'no CUDA driver answers (libcuda.so.1 does not load, or there is no device): --gpu builds for GPUs of NVIDIA with their driver installed, as nvidia-smi shows it. Without --gpu it builds for the CPU',
    );
  }
}

/** @throws EnvironmentError when the file system of the folder has less room */
export function requireSpace(folder: string, neededBytes: number, free: number | null = freeBytes(folder)): void {
  if (free === null || free >= neededBytes) return;
  throw new EnvironmentError(
    `there is not enough room for TensorFlow in ${folder}: it takes ${printBytes(neededBytes)} while it is unpacked, and ${printBytes(free)} are free. XDG_CACHE_HOME names another place`,
  );
}
