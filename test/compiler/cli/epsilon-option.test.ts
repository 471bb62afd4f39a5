import { describe, expect, it } from 'vitest';
import { chooseEpsilon, describeEpsilon } from '../../../compiler/cli/epsilon-option.ts';
import { UsageError } from '../../../compiler/cli/usage-error.ts';
import { toyMeta } from '../../support/toy-model.ts';

describe('epsilon', () => {
  it('is shown in the units of the input and in those of the network', () => {
    const meta = { ball: toyMeta.ball, inputStd: [0.225, 0.225, 0.225] };
    // The values of the paper's errata: (8/255)/.225 = 0.139.
    expect(describeEpsilon(8 / 255, meta)).toMatch(
      /epsilon 0.03137 \(linf\) in the units of the input, 8\/255; 0.1394 \(÷ 0.225\)/,
    );
    expect(describeEpsilon(0.1, { ...meta, inputStd: null })).toMatch(
      /0.1 \(linf\) in the units of the input; the network does not normalise/,
    );
    expect(describeEpsilon(0.1, { ...meta, inputStd: [0.2, 0.4] })).toMatch(/0.5 \(÷ 0.2\), 0.25 \(÷ 0.4\)/);
  });

  it('is shown as grey levels only where it is a whole number of them, and for linf', () => {
    const meta = { ball: toyMeta.ball, inputStd: null };
    expect(describeEpsilon(2 / 255, meta)).toContain(', 2/255;');
    expect(describeEpsilon(0.0314, meta)).not.toContain('255');
    expect(describeEpsilon(0.3, meta)).not.toContain('255');
    expect(describeEpsilon(2, meta)).not.toContain('255');
    expect(describeEpsilon(2 / 255, { ...meta, ball: { norm: 'l2', epsilon: 1, box: null } })).not.toContain('255');
  });

  it('is warned of when it is as wide as the box', () => {
    expect(chooseEpsilon(8, undefined, toyMeta).warning).toMatch(/epsilon 8 covers the whole box \[0, 1\].* 8\/255/);
    expect(chooseEpsilon(0.9, undefined, toyMeta).warning).toBeNull();
    expect(chooseEpsilon(8, 'l2', { ...toyMeta, ball: { ...toyMeta.ball, norm: 'l2' } }).warning).toBeNull();
  });

  it('falls back to the ball of the architecture, and says so', () => {
    expect(chooseEpsilon(0.2, 'l2', toyMeta).epsilon).toBe(0.2);
    const fallback = chooseEpsilon(undefined, undefined, toyMeta);
    expect(fallback.epsilon).toBe(0.1);
    expect(fallback.said).toMatch(/not given, taken from toy.arch.ts/);
  });

  it('does not take a radius of one norm for another', () => {
    expect(() => chooseEpsilon(undefined, 'l2', toyMeta)).toThrow(UsageError);
  });
});
