import { describe, expect, it } from 'vitest';
import { checkOrder, SoundnessError } from '../../../runtime/report/check-order.ts';

const good = { misclassified: [false, true, false], certified: [true, false, false], broken: [false, true, true] };

describe('checkOrder', () => {
  it('accepts examples that are certified, misclassified or merely broken', () => {
    expect(() => checkOrder(good)).not.toThrow();
    expect(() => checkOrder({ misclassified: [true, false], certified: [false, true] })).not.toThrow();
  });

  it('knows nothing of an example in which the attack broke down', () => {
    expect(() => checkOrder({ ...good, broken: [null, null, null] })).not.toThrow();
    expect(() => checkOrder({ ...good, certified: [true, true, false], broken: [null, null, null] })).toThrow(
      /example 1/,
    );
  });

  it.each([
    [
      'a certified example that fell',
      { ...good, broken: [true, true, true] },
      /example 0 .*attack found.*bug in dualc/,
    ],
    [
      'a certified example that is misclassified',
      { ...good, certified: [true, true, false] },
      /example 1 is certified although/,
    ],
    [
      'a misclassified example that did not fall',
      { ...good, broken: [false, false, true] },
      /example 1 is misclassified/,
    ],
  ])('refuses %s', (_, verdicts, message) => {
    expect(() => checkOrder(verdicts)).toThrow(SoundnessError);
    expect(() => checkOrder(verdicts)).toThrow(message);
  });
});
