import { describe, expect, it } from 'vitest';
import type { ErrorFilter } from '../../../../runtime/backend/webgpu/dawn.ts';
import { FailedCommand, watchCommands } from '../../../../runtime/backend/webgpu/failed-commands.ts';
import { EnvironmentError } from '../../../../runtime/errors.ts';

/** A device that collects errors in scopes, as the standard says, and answers for them when it likes. */
function fakeBackend(read: () => Promise<unknown> = async () => [0]) {
  const scopes: { filter: ErrorFilter; error: { message: string } | null }[] = [];
  const answers: (() => void)[] = [];
  let lose = (_: { message: string }): void => undefined;
  const device = {
    lost: new Promise<{ message: string }>(resolve => {
      lose = resolve;
    }),
    pushErrorScope: (filter: ErrorFilter) => void scopes.push({ filter, error: null }),
    popErrorScope: () => {
      const { error } = scopes.pop()!;
      return new Promise<{ message: string } | null>(resolve => void answers.push(() => resolve(error)));
    },
  };
  const backend = { device, read, readSync: (): unknown => [0] };
  watchCommands(backend);
  return {
    backend,
    scopes,
    lose: (message: string) => lose({ message }),
    fail(filter: ErrorFilter, message: string): void {
      const scope = scopes.findLast(each => each.filter === filter);
      if (scope !== undefined) scope.error ??= { message };
    },
    /** Gives the answers that were asked for so far, those to the latest questions first. */
    async answer(): Promise<void> {
      for (const give of answers.splice(0).reverse()) give();
      await new Promise(resolve => setImmediate(resolve));
    },
  };
}

describe('a backend whose commands are watched', () => {
  it('gives what was computed, with as many scopes open afterwards as before', async () => {
    const { backend, scopes, answer } = fakeBackend();
    const before = scopes.length;
    const values = backend.read();
    await answer();
    expect(await values).toEqual([0]);
    expect(scopes.length).toBe(before);
  });

  it.each(['validation', 'out-of-memory', 'internal'] as const)('gives nothing after an error of %s', async filter => {
    const { backend, fail, answer } = fakeBackend();
    fail(filter, 'the buffer is too large\n - While calling CreateBuffer');
    const values = backend.read();
    const outcome = expect(values).rejects.toThrow(/^WebGPU failed, .*: the buffer is too large: take fewer examples/);
    await answer();
    await outcome;
    await expect(backend.read()).rejects.toThrow(FailedCommand);
    expect(() => backend.readSync()).toThrow(EnvironmentError);
  });

  it('lets no later read overtake the one that finds the error', async () => {
    const { backend, fail, answer } = fakeBackend();
    fail('validation', 'planted');
    const reads = [backend.read(), backend.read()];
    const outcomes = Promise.allSettled(reads);
    await answer();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('says that a read failed as one of them', async () => {
    const { backend, answer } = fakeBackend(() => Promise.reject(new Error('the device went away')));
    const outcome = expect(backend.read()).rejects.toThrow(FailedCommand);
    await answer();
    await outcome;
    await expect(backend.read()).rejects.toThrow('the device went away');
  });

  it('is of no use once its device is lost', async () => {
    const { backend, lose, answer } = fakeBackend();
    lose('');
    await answer();
    await expect(backend.read()).rejects.toThrow('the device was lost');
  });
});
