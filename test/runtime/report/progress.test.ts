import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgress, describeSeconds } from '../../../runtime/report/progress.ts';

/** A stream that keeps what is written to it. */
function listener(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  let text = '';
  const stream = {
    isTTY,
    columns: 100,
    write(part: string) {
      text += part;
      return true;
    },
    on: () => stream,
  };
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => text };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('createProgress', () => {
  it('writes lines where there is no terminal, no oftener than asked, with the time left', () => {
    const { stream, text } = listener(false);
    const progress = createProgress({ stream, total: 100, unit: 'examples', start: 10, lineSeconds: 10 });
    vi.advanceTimersByTime(9_000);
    progress.update(30, 'fine');
    vi.advanceTimersByTime(1_000);
    progress.update(40, 'good');
    progress.update(41, 'good');
    progress.line('a line');
    progress.stop();
    // 30 of 90 in 10 seconds: 20 to go.
    expect(text()).toBe('40/100 examples, 20 s left, good\na line\n');
  });

  it('draws a bar on a terminal and clears it at the end', () => {
    const { stream, text } = listener(true);
    const progress = createProgress({ stream, total: 100, unit: 'steps' });
    vi.advanceTimersByTime(10_000);
    progress.update(50, 'error 3 %');
    vi.advanceTimersByTime(1_000);
    progress.line('epoch 1');
    progress.stop();
    expect(text()).toMatch(/50\/100 steps, 10 s left, error 3 %/);
    expect(text()).toMatch(/epoch 1\n/);
  });
});

describe('describeSeconds', () => {
  it.each([
    [0.2, '1 s'],
    [119, '119 s'],
    [125, '2 min'],
    [7199, '2 h 00 min'],
    [7260, '2 h 01 min'],
    [Number.POSITIVE_INFINITY, 'unknown'],
  ])('%d is %s', (seconds, said) => expect(describeSeconds(seconds)).toBe(said));
});
