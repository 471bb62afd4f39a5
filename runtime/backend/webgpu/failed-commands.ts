/**
 * WebGPU raises nothing when a command fails, for want of memory or because a tensor is larger than the device allows: what the command
 * should have written stays as it was, zeros as a rule, and zeros pass for numbers. Here nothing can be read that was computed after a failure.
 */
import { EnvironmentError } from '../../errors.ts';
import type { Device, ErrorFilter } from './dawn.ts';

/** The device refused a command, or is gone: the backend computes nothing any more. */
export class FailedCommand extends EnvironmentError {
  constructor(message: string) {
    super(
      `WebGPU failed, and computes nothing any more: ${message.split('\n')[0]}: take fewer examples at a time (--batch), bounds that need ` +
        'less (--bounds interval), or another backend (--backend wasm)',
    );
  }
}

/** What is used of `@tensorflow/tfjs-backend-webgpu`. */
export interface WatchedBackend {
  readonly device: Device;
  read(dataId: object): Promise<unknown>;
  readSync(dataId: object): unknown;
}

const filters: readonly ErrorFilter[] = ['validation', 'out-of-memory', 'internal'];

/** To be called once for a backend, before anything is computed. */
export function watchCommands(backend: WatchedBackend): void {
  const { device, read, readSync } = backend;
  let failure: string | null = null;
  // Reads may overlap: each waits for the errors of all commands before it.
  let looked: Promise<void> = Promise.resolve();
  const push = (): void => filters.forEach(filter => void device.pushErrorScope(filter));
  const look = (): Promise<void> => {
    const errors = Promise.all(filters.map(() => device.popErrorScope()));
    push();
    const before = looked;
    looked = (async () => {
      await before;
      failure ??= (await errors).find(error => error !== null)?.message ?? null;
    })();
    return looked;
  };
  const refuse = (): void => {
    if (failure !== null) throw new FailedCommand(failure);
  };
  push();
  device.lost.then(({ message }) => {
    failure ??= message === '' ? 'the device was lost' : message;
  });
  Object.assign(backend, {
    async read(dataId: object): Promise<unknown> {
      refuse();
      try {
        const values = read.call(backend, dataId);
        // The copy that a read begins is among the commands that may fail.
        const errors = look();
        const [found] = await Promise.all([values, errors]);
        refuse();
        return found;
      } catch (error) {
        // A device that is lost may say so here before it says so itself.
        failure ??= error instanceof Error ? error.message : String(error);
        throw error instanceof FailedCommand ? error : new FailedCommand(failure);
      }
    },
    readSync(dataId: object): unknown {
      refuse();
      return readSync.call(backend, dataId);
    },
  });
}
