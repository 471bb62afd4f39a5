import { describe, expect, it } from 'vitest';
import {
  BoundsRequestError,
  parseBoundsRequest,
  printRequested,
  requestedStrategies,
  requestFor,
  resolveRequests,
} from '../../../compiler/4-schedule/bounds-request.ts';
import { mlp, textDual } from '../../support/text-graph.ts';

/** `relu1` and `twin` read the same layer and share a bound. */
const shared = `
  x = input() : [3]
  dense1 = dense(x) {units: 4, useBias: true} : [4]
  relu1 = relu(dense1) : [4]
  twin = relu(dense1) : [4]
  sum = add(relu1, twin) : [4]
  logits = dense(sum) {units: 2, useBias: true} : [2]
  output logits`;

describe('parseBoundsRequest', () => {
  it('reads a strategy for all bounds, for one, for one of the schedules, and any mixture', () => {
    expect(parseBoundsRequest('interval, relu2=patches ,train:sketch,certify:margins=closed-form')).toEqual([
      { purpose: null, bound: null, strategies: [{ kind: 'interval', relaxation: 'band' }] },
      { purpose: null, bound: 'relu2', strategies: [{ kind: 'patches', relaxation: 'band' }] },
      { purpose: 'train', bound: null, strategies: [{ kind: 'sketch', relaxation: 'band' }] },
      { purpose: 'certify', bound: 'margins', strategies: [{ kind: 'closed-form', relaxation: 'band' }] },
    ]);
  });

  it('reads every strategy that its messages list', () => {
    expect(parseBoundsRequest(requestedStrategies.join()).map(({ strategies: [only] }) => only?.kind)).toEqual(
      requestedStrategies,
    );
  });

  const one = (text: string) => parseBoundsRequest(text).map(({ strategies }) => strategies.map(printRequested));

  it('reads the lines that rows meet, alone or behind a strategy', () => {
    expect(one('crown,band,backward/crown,patches/band,exact/crown')).toEqual([
      ['exact/crown'],
      ['exact'],
      ['backward/crown'],
      ['patches'],
      ['exact/crown'],
    ]);
  });

  it('reads the sketch of the paper, whose name holds a colon as that of a schedule does', () => {
    const strategies = [{ kind: 'sketch:per-layer', relaxation: 'band' }];
    expect(parseBoundsRequest('sketch:per-layer,train:sketch:per-layer,train:relu2=sketch:per-layer')).toEqual([
      { purpose: null, bound: null, strategies },
      { purpose: 'train', bound: null, strategies },
      { purpose: 'train', bound: 'relu2', strategies },
    ]);
  });

  it('reads the better of several, commas and all', () => {
    expect(one('certify:best(band, crown),relu2=best(interval,patches/crown),sketch')).toEqual([
      ['exact', 'exact/crown'],
      ['interval', 'patches/crown'],
      ['sketch'],
    ]);
  });

  it.each([
    ['backward/crwn', "'backward/crwn': rows meet the lines of /band or /crown; did you mean 'crown'?"],
    ['backward/crown/band', "'backward/crown/band': rows meet the lines of /band or /crown; did you mean 'crown'?"],
    ['interval/crown', "'interval/crown': no rows walk in interval, so that there are no lines to choose"],
    ['closed-form/crown', "'closed-form/crown': no rows walk in closed-form, so that there are no lines to choose"],
    ['sketch/crown', "'sketch/crown': no rows walk in sketch, so that there are no lines to choose"],
    ['sketch:per-layer/crown', "cannot read 'sketch:per-layer/crown': write [certify:|train:][LAYER=]STRATEGY"],
    ['best(band)', "'best(band)': best needs two strategies, best(band, crown)"],
    ['worst(band,crown)', "'worst(…)' is not known; write best(STRATEGY, STRATEGY)"],
    [
      'best(sketch, crown)',
      "'best(sketch, crown)': a sketch is an estimate, and the better of it and a bound is neither",
    ],
    ['best(band,crown', "cannot read 'best(band': write [certify:|train:][LAYER=]STRATEGY"],
  ])('refuses %j', (text, message) => {
    expect(() => parseBoundsRequest(text)).toThrow(new BoundsRequestError(message));
  });

  it.each(['', ' ', ',', ' , '])('takes %j for no request', text => expect(parseBoundsRequest(text)).toEqual([]));

  const strategies = 'exact, sparse, closed-form, backward, patches, interval, sketch, sketch:per-layer, band, crown';
  it.each([
    ['intervall', `'intervall' is no strategy (${strategies}); did you mean 'interval'?`],
    ['closedform', `'closedform' is no strategy (${strategies}); did you mean 'closed-form'?`],
    ['Sketch', `'Sketch' is no strategy (${strategies}); did you mean 'sketch'?`],
    ['sketch:perlayer', `'sketch:perlayer' is no strategy (${strategies}); did you mean 'sketch:per-layer'?`],
    ['train:sketch:', `'sketch:' is no strategy (${strategies}); did you mean 'sketch'?`],
    ['relu1=magic', `'magic' is no strategy (${strategies})`],
    ['tain:sketch', "'tain:' names no schedule (certify:, train:); did you mean 'train:'?"],
    ['interval:8', "'interval:' names no schedule (certify:, train:)"],
    ['relu1=', "cannot read 'relu1=': write [certify:|train:][LAYER=]STRATEGY"],
    ['=sketch', "cannot read '=sketch': write [certify:|train:][LAYER=]STRATEGY"],
    ['relu1 sketch', "cannot read 'relu1 sketch': write [certify:|train:][LAYER=]STRATEGY"],
    ['relu1=train:sketch', "cannot read 'relu1=train:sketch': write [certify:|train:][LAYER=]STRATEGY"],
  ])('refuses %j with a message', (text, message) => {
    expect(() => parseBoundsRequest(`exact,${text}`)).toThrow(new BoundsRequestError(message));
  });
});

describe('requestFor', () => {
  const strategyFor = (text: string, purpose: 'certify' | 'train', bound: string) =>
    requestFor(parseBoundsRequest(text), purpose, bound)?.strategies[0]?.kind ?? null;

  it('finds nothing where nothing was asked', () => {
    expect(strategyFor('', 'certify', 'relu1')).toBeNull();
    expect(strategyFor('train:interval,relu2=exact', 'certify', 'relu1')).toBeNull();
  });

  it('lets a prefix limit an item to one schedule', () => {
    expect(strategyFor('train:interval', 'train', 'relu1')).toBe('interval');
    expect(strategyFor('certify:interval', 'train', 'relu1')).toBeNull();
    expect(strategyFor('interval', 'train', 'relu1')).toBe('interval');
  });

  it('puts what was asked of one bound before what was asked of all, wherever it stands', () => {
    expect(strategyFor('relu1=patches,interval', 'certify', 'relu1')).toBe('patches');
    expect(strategyFor('relu1=patches,interval', 'certify', 'relu2')).toBe('interval');
  });

  it('takes the last of several', () => {
    expect(strategyFor('interval,exact', 'certify', 'relu1')).toBe('exact');
    expect(strategyFor('relu1=backward,relu1=patches', 'certify', 'relu1')).toBe('patches');
    expect(strategyFor('sketch,certify:exact', 'certify', 'relu1')).toBe('exact');
    expect(strategyFor('sketch,certify:exact', 'train', 'relu1')).toBe('sketch');
  });
});

describe('resolveRequests', () => {
  const resolve = (text: string, graph: string) => resolveRequests(parseBoundsRequest(text), textDual(graph));

  it('keeps requests for all, for bounds, and for the margins', () => {
    expect(resolve('interval,relu2=exact,margins=backward', mlp)).toEqual(
      parseBoundsRequest('interval,relu2=exact,margins=backward'),
    );
  });

  it('knows a nonlinearity that shares the bound of another', () => {
    expect(resolve('twin=interval', shared)).toEqual(parseBoundsRequest('relu1=interval'));
  });

  it.each([
    ['rely2', "there is no bound 'rely2'; the network has relu1, relu2, margins; did you mean 'relu2'?"],
    ['conv9', "there is no bound 'conv9'; the network has relu1, relu2, margins"],
    ['dense2', "the output of 'dense2' is bounded under the name 'relu2': write that"],
    ['logits', "the output of 'logits' is bounded under the name 'margins': write that"],
    ['x', "'x' has no bound: there is one for every nonlinearity and one for the margins, relu1, relu2, margins"],
  ])('refuses %s', (name, message) => {
    expect(() => resolve(`${name}=interval`, mlp)).toThrow(new BoundsRequestError(message));
  });

  it('lists no more than twelve bounds', () => {
    const layers = Array.from(
      { length: 14 },
      (_, index) => `
      d${index} = dense(${index === 0 ? 'x' : `r${index - 1}`}) {units: 2, useBias: true} : [2]
      r${index} = relu(d${index}) : [2]`,
    );
    const deep = `x = input() : [2]${layers.join('')}
      logits = dense(r13) {units: 2, useBias: true} : [2]
      output logits`;
    expect(() => resolve('zzz=interval', deep)).toThrow(/the network has r0, .*, r11, …$/);
  });
});
