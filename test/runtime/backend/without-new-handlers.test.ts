import { afterEach, describe, expect, it } from 'vitest';
import { withoutNewHandlers } from '../../../runtime/backend/without-new-handlers.ts';

const own = (): void => {};
afterEach(() => void process.off('uncaughtException', own));

describe('withoutNewHandlers', () => {
  it('takes back what was added and keeps what was there, also when loading fails', async () => {
    const before = process.listeners('unhandledRejection');
    process.on('uncaughtException', own);
    const handlers = process.listeners('uncaughtException');
    const load = async (): Promise<never> => {
      process.on('uncaughtException', () => {});
      process.on('unhandledRejection', () => {});
      throw new Error('no backend');
    };
    await expect(withoutNewHandlers(load)).rejects.toThrow('no backend');
    expect(process.listeners('uncaughtException')).toEqual(handlers);
    expect(process.listeners('unhandledRejection')).toEqual(before);
  });

  it('gives what was loaded', async () => {
    expect(await withoutNewHandlers(async () => 3)).toBe(3);
  });
});
