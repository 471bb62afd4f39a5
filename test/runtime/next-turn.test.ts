import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe.each([
  ['with setImmediate, as in Node', false],
  ['without, as in a browser', true],
])('nextTurn, %s', (_, isBrowser) => {
  it('lets timers and promises that wait go first, many times over', async () => {
    if (isBrowser) vi.stubGlobal('setImmediate', undefined);
    const { nextTurn } = await import('../../runtime/next-turn.ts');
    const heard: string[] = [];
    void Promise.resolve().then(() => heard.push('promise'));
    await nextTurn();
    expect(heard).toEqual(['promise']);
    let timer = false;
    setTimeout(() => {
      timer = true;
    }, 1);
    const end = performance.now() + 2000;
    while (!timer && performance.now() < end) await nextTurn();
    expect(timer).toBe(true);
  });
});
