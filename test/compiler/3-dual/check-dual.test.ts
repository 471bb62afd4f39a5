import { describe, expect, it } from 'vitest';
import { createWalk } from '../../../compiler/3-dual/build-walks.ts';
import { checkDual } from '../../../compiler/3-dual/check-dual.ts';
import type { Bound, DualNetwork, DualStep } from '../../../compiler/3-dual/dual.ts';
import { layerId } from '../../../compiler/shared/ids.ts';
import { mlp, residual, textDual } from '../../support/text-graph.ts';

const good = textDual(residual);

/** The residual block's dual network with one bound changed. */
function changed(name: string, change: (bound: Bound) => Partial<Bound>): DualNetwork {
  const bounds = good.bounds.map(bound => (bound.name === name ? { ...bound, ...change(bound) } : bound));
  expect(bounds, `a bound ${name}`).not.toEqual(good.bounds);
  return { ...good, bounds };
}

const withWalk = (name: string, change: (walk: readonly DualStep[]) => readonly DualStep[]): DualNetwork =>
  changed(name, ({ walk }) => ({ walk: createWalk(change([...walk]), null) }));

describe('checkDual', () => {
  it('accepts what buildDual makes', () => {
    for (const text of [mlp, residual]) expect(() => checkDual(textDual(text))).not.toThrow();
  });

  it('rejects a walk that stops before the input', () => {
    expect(() => checkDual(withWalk('after', walk => walk.slice(0, -1)))).toThrow('the dual of x goes nowhere');
  });

  it('rejects a branch that is left out', () => {
    const dual = withWalk('after', walk => walk.filter(step => step.of !== 'w2'));
    expect(() => checkDual(dual)).toThrow('bound after: inner is visited before it has a dual');
  });

  it('rejects a fan-out whose duals are not summed', () => {
    const dual = withWalk('after', walk => walk.filter(step => step.kind !== 'sum'));
    expect(() => checkDual(dual)).toThrow('bound after: 2 duals of h were not summed');
  });

  it('rejects a fan-out whose duals are not summed where a shared rest begins', () => {
    const dual = changed('after', ({ walk }) => ({ walk: createWalk(walk.steps.slice(0, -1), walk.rest) }));
    expect(() => checkDual(dual)).toThrow('bound after: 2 duals of h were not summed');
  });

  it('rejects a shared rest that the steps before it do not lead to', () => {
    const dual = changed('after', ({ walk }) => ({ walk: createWalk(walk.steps, walk.rest!.rest) }));
    expect(() => checkDual(dual)).toThrow('bound after: first is visited before it has a dual');
  });

  it('rejects a walk that begins at another layer, shared or not', () => {
    const dual = changed('after', ({ walk }) => ({ walk: walk.rest! }));
    expect(() => checkDual(dual)).toThrow('bound after: joined is not where its walk begins');
  });

  it('rejects a sum that leaves out a dual', () => {
    const dual = withWalk('after', walk =>
      walk.map(step => (step.kind === 'sum' ? { ...step, from: step.from.slice(1) } : step)),
    );
    expect(() => checkDual(dual)).toThrow('bound after: h sums 1 of 2 duals');
  });

  it('rejects steps in the wrong order', () => {
    const dual = withWalk('after', walk => [walk[0]!, walk[2]!, walk[1]!, ...walk.slice(3)]);
    expect(() => checkDual(dual)).toThrow('bound after: inner is visited before it has a dual');
  });

  it('rejects a step at a layer that no dual reaches', () => {
    const stray: DualStep = { kind: 'transpose', of: layerId('logits'), to: layerId('x') };
    expect(() => checkDual(withWalk('inner', walk => [...walk, stray]))).toThrow('logits is visited before');
  });

  it('rejects a bound that comes before one it needs', () => {
    const [first, second, ...rest] = good.bounds;
    expect(() => checkDual({ ...good, bounds: [second!, first!, ...rest] })).toThrow(
      'bound inner needs h, which comes later',
    );
  });

  it('rejects a bound that is listed twice', () => {
    expect(() => checkDual({ ...good, bounds: [good.bounds[0]!, ...good.bounds] })).toThrow('bound h is listed twice');
  });

  it('rejects a network whose last bound is not that of the margins', () => {
    expect(() => checkDual({ ...good, bounds: good.bounds.slice(0, -1) })).toThrow('the last bound is the one');
  });
});
