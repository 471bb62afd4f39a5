import { describe, expect, it } from 'vitest';
import { buildDual } from '../../../compiler/3-dual/build-dual.ts';
import type { DualNetwork } from '../../../compiler/3-dual/dual.ts';
import { BoundsRequestError, parseBoundsRequest } from '../../../compiler/4-schedule/bounds-request.ts';
import type { ScheduleOptions } from '../../../compiler/4-schedule/candidate.ts';
import { checkPlan } from '../../../compiler/4-schedule/check-plan.ts';
import { chooseSchedule } from '../../../compiler/4-schedule/choose.ts';
import { type Choice, type Plan, printStrategy } from '../../../compiler/4-schedule/plan.ts';
import { candidateCosts } from '../../../compiler/candidate-cost.ts';
import { readGraph } from '../../../compiler/compile.ts';
import { defaultOptions } from '../../../compiler/options.ts';
import { addTo } from '../../../compiler/shared/add-to.ts';
import { convolutional, mlp, residual, textDual } from '../../support/text-graph.ts';

const scheduleOf = (text: string, bounds = '', options: Partial<ScheduleOptions> = {}) =>
  scheduleFor(textDual(text), bounds, options);

const scheduleFor = (dual: DualNetwork, bounds = '', options: Partial<ScheduleOptions> = {}) => {
  const schedule = chooseSchedule(
    dual,
    { ...defaultOptions, requests: parseBoundsRequest(bounds), ...options },
    candidateCosts(dual),
  );
  for (const plan of [schedule.certify, schedule.train]) checkPlan(plan, dual);
  return schedule;
};

const strategies = (plan: Plan): string[] => plan.choices.map(choice => `${choice.bound}: ${choice.strategy.kind}`);
const choiceFor = (plan: Plan, bound: string): Choice => plan.choices.find(choice => choice.bound === bound)!;

/** A wide dense layer, where few projections are cheaper than all rows. */
const wide = mlp.replaceAll('5', '50').replaceAll('4', '40').replace('[3]', '[30]');
/** A map of one position: windows hold as much as the map. */
const onePosition = `
  x = input() : [3, 3, 1]
  conv1 = conv2d(x) {filters: 4, kernelSize: [3, 3], strides: [1, 1], padding: [0, 0, 0, 0], useBias: true} : [1, 1, 4]
  relu1 = relu(conv1) : [1, 1, 4]
  conv2 = conv2d(relu1) {filters: 4, kernelSize: [1, 1], strides: [1, 1], padding: [0, 0, 0, 0], useBias: true} : [1, 1, 4]
  relu2 = relu(conv2) : [1, 1, 4]
  conv3 = conv2d(relu2) {filters: 4, kernelSize: [1, 1], strides: [1, 1], padding: [0, 0, 0, 0], useBias: true} : [1, 1, 4]
  relu3 = relu(conv3) : [1, 1, 4]
  flat = flatten(relu3) : [4]
  logits = dense(flat) {units: 2, useBias: true} : [2]
  output logits`;

describe('the schedule that certifies', () => {
  it('takes closed form at first, windows on maps, and rows over whole layers elsewhere', () => {
    const { certify } = scheduleFor(buildDual(readGraph('examples/mnist-large.arch.ts').graph), 'certify:exact');
    expect(strategies(certify)).toEqual([
      'relu1: closedForm',
      'relu2: patches',
      'relu3: patches',
      'relu4: patches',
      'relu5: backward',
      'relu6: backward',
      'margins: backward',
    ]);
  });

  it('takes rows over whole maps where these are small, though windows compute less: cutting them takes longer', () => {
    const { certify } = scheduleOf(convolutional, 'certify:exact');
    const relu3 = choiceFor(certify, 'relu3');
    const patches = relu3.alternatives.find(({ strategy }) => strategy.kind === 'patches')!;
    expect(relu3.strategy.kind).toBe('backward');
    expect(patches.macs).toBeLessThan(relu3.macs);
    expect(patches.milliseconds).toBeGreaterThan(relu3.milliseconds);
  });

  it('takes rows over whole maps when windows hold as much', () => {
    const { certify } = scheduleOf(onePosition, 'certify:exact');
    const relu3 = choiceFor(certify, 'relu3');
    const patches = relu3.alternatives.find(({ strategy }) => strategy.kind === 'patches')!;
    expect(patches.macs / relu3.macs).toBeGreaterThan(0.9);
    expect(relu3.strategy.kind).toBe('backward');
    expect(relu3.why).toMatch(/exact; rows over whole maps cost no more than windows$/);
    expect(patches.why).toMatch(/^1\.\d times dearer$/);
  });

  it('never holds a sketch, chosen or not', () => {
    for (const text of [mlp, wide, residual, convolutional])
      for (const { strategy, alternatives } of scheduleOf(text).certify.choices)
        expect([strategy, ...alternatives.map(other => other.strategy)].map(({ kind }) => kind)).not.toContain(
          'sketch',
        );
  });
});

describe('sparse rows', () => {
  const sparse = (bounds: string, name: string, options: Partial<ScheduleOptions> = {}) => {
    const { strategy } = choiceFor(scheduleOf(convolutional, bounds, options).certify, name);
    expect(strategy.kind).toBe('sparse');
    return strategy as Extract<typeof strategy, { kind: 'sparse' }>;
  };

  it('are taken to certify where they are foretold to cost less than all rows', () => {
    const { bounds } = textDual(convolutional);
    for (const { bound, strategy, milliseconds, why, alternatives } of scheduleOf(convolutional).certify.choices) {
      const fewRows = bounds.find(({ name }) => name === bound)!.rowCount < 32;
      const dense = alternatives.find(({ strategy: { kind } }) => kind === 'backward' || kind === 'patches');
      const other = alternatives.find(({ strategy: { kind } }) => kind === 'sparse');
      if (strategy.kind === 'sparse') {
        expect([bound, milliseconds < dense!.milliseconds]).toEqual([bound, true]);
        expect(why).toMatch(
          /^exact for the neurons that intervals leave undecided; .* times cheaper where they are an eighth of all$/,
        );
      } else if (other !== undefined && !fewRows) expect(other.milliseconds).toBeGreaterThanOrEqual(milliseconds);
    }
    expect(strategies(scheduleOf(convolutional).certify)).toContain('relu3: sparse');
  });

  it('walk as the cheapest walk of all rows does, through the lines that are asked for', () => {
    for (const [lines, relaxation] of [
      ['sparse', 'band'],
      ['sparse/crown', 'crown'],
    ] as const) {
      const exact = relaxation === 'band' ? 'exact' : 'crown';
      const all = choiceFor(scheduleOf(convolutional, `certify:${exact}`).certify, 'relu3').strategy;
      expect(sparse(`certify:${lines}`, 'relu3').rows).toEqual(all);
    }
  });

  it('give way where they do not apply when asked of all, and are refused when asked of one', () => {
    const { certify } = scheduleOf(convolutional, 'certify:sparse');
    expect(strategies(certify)[0]).toBe('relu1: closedForm');
    expect(strategies(certify).at(-1)).toBe('margins: backward');
    for (const [bounds, message] of [
      ['certify:margins=sparse', 'sparse does not apply to margins (to certify): the rows of the margins all count'],
      [
        'certify:relu1=sparse',
        'sparse does not apply to relu1 (to certify): no nonlinearity lies on the way: no row has to walk',
      ],
      [
        'train:relu3=sparse',
        'sparse does not apply to relu3 (to train): rows are left out to certify: training takes all of them',
      ],
    ] as const)
      expect(() => scheduleOf(convolutional, bounds)).toThrow(new BoundsRequestError(message));
  });

  it('are taken where they fit into memory only, or into what all rows need', () => {
    for (const memoryBytes of [2 ** 15, 2 ** 16, 2 ** 17, 2 ** 19]) {
      const { certify } = scheduleOf(convolutional, '', { memoryBytes });
      const exact = scheduleOf(convolutional, 'certify:exact', { memoryBytes }).certify;
      for (const { bound, bytesPerExample } of certify.choices)
        expect(bytesPerExample).toBeLessThanOrEqual(
          Math.max(choiceFor(exact, bound).bytesPerExample, memoryBytes / defaultOptions.certifyBatch),
        );
    }
  });
});

describe('the schedule that trains', () => {
  it('takes sketches where they are cheaper than rows, exact rows for the margins', () => {
    expect(strategies(scheduleOf(wide).train)).toEqual(['relu1: closedForm', 'relu2: sketch', 'margins: backward']);
    expect(choiceFor(scheduleOf(wide).train, 'relu2').why).toMatch(
      /^an estimate is enough to train; exact rows take .* times its multiply-adds$/,
    );
  });

  it('takes exact rows where a sketch saves nothing', () => {
    const { train } = scheduleOf(mlp);
    expect(strategies(train)).toEqual(['relu1: closedForm', 'relu2: backward', 'margins: backward']);
    expect(choiceFor(train, 'relu2').why).toBe('exact rows take no more multiply-adds than a sketch');
    expect(choiceFor(train, 'margins').why).toBe('few rows: exact costs little');
  });

  it('turns from sketch to rows as the projections grow', () => {
    const kindWith = (projections: number): string =>
      choiceFor(scheduleOf(wide, '', { projections }).train, 'relu2').strategy.kind;
    expect([2, 29, 40, 200].map(kindWith)).toEqual(['sketch', 'sketch', 'backward', 'backward']);
  });

  it('passes on the projections and the estimator', () => {
    const { train } = scheduleOf(wide, '', { projections: 7, estimator: 'median' });
    expect(choiceFor(train, 'relu2').strategy).toEqual({ kind: 'sketch', projections: 7, estimator: 'median' });
  });
});

describe('every choice', () => {
  it('has a cost and a reason, and so has every alternative', () => {
    for (const bounds of ['', 'interval', 'train:sketch', 'backward'])
      for (const text of [mlp, wide, residual, convolutional, onePosition])
        for (const plan of Object.values(scheduleOf(text, bounds)) as Plan[])
          for (const choice of plan.choices)
            for (const each of [choice, ...choice.alternatives]) {
              expect(each.macs).toBeGreaterThan(0);
              expect(each.bytesPerExample).toBeGreaterThan(0);
              expect(Number.isFinite(each.macs + each.bytesPerExample)).toBe(true);
              expect(each.why).not.toBe('');
            }
  });

  it('lists exact alternatives before loose ones and estimates, cheaper ones first', () => {
    const { alternatives } = choiceFor(scheduleOf(convolutional, 'train:interval').train, 'relu1');
    expect(alternatives.map(({ strategy }) => strategy.kind)).toEqual([
      'backward',
      'interval',
      'sketch',
      'perLayerSketch',
    ]);
    const [, loose, ...estimates] = alternatives;
    expect(loose!.why).toMatch(/^not comparable in tightness, mostly looser; /);
    for (const { why } of estimates) expect(why).toMatch(/^an estimate; .* times dearer$/);
  });

  it('says which other one is exact, when the one chosen is not', () => {
    const { alternatives } = choiceFor(scheduleOf(convolutional, 'relu2=interval').certify, 'relu2');
    expect(alternatives[0]).toMatchObject({
      strategy: { kind: 'patches' },
      why: expect.stringMatching(/^exact; .* dearer$/),
    });
  });
});

describe('memory', () => {
  const small = { memoryBytes: 2 ** 17 };
  const windowed = 'certify:exact,certify:relu2=patches,certify:relu3=patches';

  it('bounds how many rows and positions walk at once', () => {
    const shown = (options: Partial<ScheduleOptions>): string[] =>
      scheduleOf(convolutional, windowed, options).certify.choices.map(({ strategy }) => printStrategy(strategy));
    expect(shown({})).toEqual([
      'closed form',
      'patches, 16 positions at a time',
      'patches, 16 positions at a time',
      'backward, 10 rows at a time',
      'backward, 3 rows at a time',
    ]);
    expect(shown(small)).toEqual([
      'closed form',
      'patches, 4 positions at a time',
      'patches, 1 positions at a time',
      'backward, 2 rows at a time',
      'backward, 3 rows at a time',
    ]);
  });

  it('is kept for the batch that it is meant for, as long as a row fits', () => {
    for (const certifyBatch of [1, 2, 3]) {
      const { certify } = scheduleOf(convolutional, windowed, { ...small, certifyBatch });
      for (const { bytesPerExample } of certify.choices)
        expect(bytesPerExample * certifyBatch).toBeLessThanOrEqual(small.memoryBytes);
    }
  });

  it('that is too small for a row leaves one row at a time', () => {
    const { certify } = scheduleOf(convolutional, 'backward', { memoryBytes: 1 });
    expect(choiceFor(certify, 'relu2').strategy).toEqual({ kind: 'backward', relaxation: 'band', chunk: 1 });
  });

  it('whatever there is of it, takes few programs to be weighed', () => {
    const dual = buildDual(readGraph('examples/cifar-small.arch.ts').graph);
    for (const memoryBytes of [1, 2 ** 20, 2 ** 22, 2 ** 24, 2 ** 29]) {
      const weighed = new Map<string, string[]>();
      const costOf = candidateCosts(dual);
      chooseSchedule(dual, { ...defaultOptions, memoryBytes }, (bound, strategy, setting) => {
        addTo(weighed, `${setting.arithmetic.kind} ${bound.name}`, JSON.stringify(strategy));
        return costOf(bound, strategy, setting);
      });
      for (const [of, all] of weighed) expect([of, new Set(all).size <= 16]).toEqual([of, true]);
    }
  });

  it('is counted for each schedule with its own batch', () => {
    const { certify, train } = scheduleOf(convolutional, 'backward', { ...small, certifyBatch: 1, trainBatch: 5 });
    expect(choiceFor(certify, 'relu4').strategy).toEqual({ kind: 'backward', relaxation: 'band', chunk: 10 });
    expect(choiceFor(train, 'relu4').strategy).toEqual({ kind: 'backward', relaxation: 'band', chunk: 5 });
  });
});

describe('what is asked of every bound', () => {
  it('is done where it applies; closed form stays where it is exact at no more', () => {
    const { certify, train } = scheduleOf(convolutional, 'interval');
    const expected = [
      'relu1: closedForm',
      'relu2: interval',
      'relu3: interval',
      'relu4: interval',
      'margins: interval',
    ];
    expect(strategies(certify)).toEqual(expected);
    expect(strategies(train)).toEqual(expected);
    expect(choiceFor(certify, 'relu1').why).toBe('asked for: interval; one matrix from the input: exact costs no more');
    expect(choiceFor(certify, 'relu2').why).toBe('asked for: interval');
  });

  it('leaves the margins exact under a sketch', () => {
    const { train } = scheduleOf(mlp, 'train:sketch');
    expect(strategies(train)).toEqual(['relu1: closedForm', 'relu2: sketch', 'margins: backward']);
    expect(choiceFor(train, 'margins').why).toBe('asked for: sketch; few rows: exact costs little');
  });

  it('touches only the schedule that its prefix names', () => {
    const plain = scheduleOf(convolutional);
    expect(scheduleOf(convolutional, 'train:interval').certify).toEqual(plain.certify);
    expect(scheduleOf(convolutional, 'certify:interval').train).toEqual(plain.train);
  });

  it('can be exact to train as well', () => {
    const { train } = scheduleOf(wide, 'exact');
    expect(strategies(train)).toEqual(['relu1: closedForm', 'relu2: backward', 'margins: backward']);
    expect(choiceFor(train, 'relu1').why).toBe(
      'asked for: exact; one matrix from the input: exact, no row has to walk',
    );
  });
});

describe('what is asked of one bound', () => {
  it('is done to the letter, others stay', () => {
    const asked = 'certify:exact,relu1=interval,certify:relu2=patches,train:relu1=sketch';
    const { certify, train } = scheduleOf(convolutional, asked);
    expect(strategies(certify)).toEqual([
      'relu1: interval',
      'relu2: patches',
      'relu3: backward',
      'relu4: backward',
      'margins: backward',
    ]);
    expect(strategies(train)[0]).toBe('relu1: sketch');
  });

  it.each([
    ['sketch', 'a sketch is an estimate, not a proof: it cannot certify relu1; write train:sketch'],
    ['relu2=sketch', 'a sketch is an estimate, not a proof: it cannot certify relu2; write train:relu2=sketch'],
    [
      'train:margins=sketch',
      'sketch does not apply to margins (to train): the rows of the margins are few: a sketch would only add error',
    ],
    [
      'relu2=closed-form',
      'closed-form does not apply to relu2 (to certify): a nonlinearity lies between the input and the bound',
    ],
    [
      'relu2=patches',
      'patches does not apply to relu2 (to train): windows are for certifying: training rows walk whole maps',
    ],
    [
      'certify:patches',
      'patches does not apply to relu1 (to certify): no nonlinearity lies on the way: the rows are the same for every example',
    ],
    [
      'relu5=exact',
      "there is no bound 'relu5'; the network has relu1, relu2, relu3, relu4, margins; did you mean 'relu1'?",
    ],
  ])('is refused where it cannot be: %s', (bounds, message) => {
    expect(() => scheduleOf(convolutional, bounds)).toThrow(new BoundsRequestError(message));
  });
});
