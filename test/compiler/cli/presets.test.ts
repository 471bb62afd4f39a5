/** The recipes of the paper's tables: which there are, and what they set. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parametersOf } from '../../../compiler/2-graph/parameters.ts';
import { applyPreset, findPreset, presetMismatch, presets } from '../../../compiler/cli/presets/apply-preset.ts';
import { trainCommand } from '../../../compiler/cli/train.ts';
import { trainSettings } from '../../../compiler/cli/train-plan.ts';
import { readGraph } from '../../../compiler/compile.ts';
import { silentTrace } from '../../../compiler/shared/trace.ts';
import { learningRateAt } from '../../../runtime/train/learning-rate-schedule.ts';
import { rampAt } from '../../../runtime/train/ramp.ts';
import { hasShared, sharedPath } from '../../support/shared-data.ts';
import { toyMeta } from '../../support/toy-model.ts';

const paper = 'paper/scaling-provable-adversarial-defenses.txt';
const example = (name: string): string => fileURLToPath(new URL(`../../../examples/${name}.arch.ts`, import.meta.url));

describe('presets', () => {
  it('have names of their own, one for each row', () => {
    expect(new Set(presets.map(({ name }) => name)).size).toBe(presets.length);
    expect(presets.map(({ row }) => row.slice(0, 7)).sort()).toEqual([
      ...new Array(11).fill('Table 2'),
      ...new Array(8).fill('Table 3'),
      ...new Array(6).fill('Table 4'),
    ]);
  });

  it.each(presets)('$name is of a network of examples, with its counts', ({ architecture, parameters, options }) => {
    const { graph } = readGraph(example(architecture), silentTrace, { settings: options.set ?? {} });
    const count = parametersOf(graph).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    if (parameters !== null) expect(count).toBe(parameters);
    else expect(architecture).toMatch(/wide|deep/);
  });

  it.skipIf(!hasShared(paper))('say what the paper prints', () => {
    const text = readFileSync(sharedPath(paper), 'utf8');
    for (const { printed, printedCascade, row } of presets) {
      for (const { robust, standard } of [printed, ...(printedCascade === null ? [] : [printedCascade])]) {
        const cell = (value: number): string => `(?:<b>)?${value.toFixed(2).replace('.', '\\.')}%?(?:</b>)?`;
        expect(text, row).toMatch(new RegExp(`\\t${cell(robust)}\\t${cell(standard)}`));
      }
    }
  });

  it('an unknown name is refused, with those there are', () => {
    expect(() => findPreset('mnist-smal-0.1')).toThrow(
      /there is no 'mnist-smal-0\.1'; did you mean mnist-small-0\.1\? There are/,
    );
  });

  it('another network is noticed', () => {
    expect(presetMismatch(findPreset('mnist-small-0.1'), toyMeta)).toContain('166,406 parameters; toy.arch.ts has 83');
    expect(presetMismatch(findPreset('mnist-wide-4'), toyMeta)).toBeNull();
  });
});

describe('a preset', () => {
  const flagsAfter = (preset: string, ...args: string[]) => {
    const command = trainCommand();
    command.parseOptions(args);
    applyPreset(command, findPreset(preset));
    return command.opts() as unknown as Parameters<typeof trainSettings>[0] & Record<string, unknown>;
  };

  it('sets what Appendix G says', () => {
    const flags = flagsAfter('mnist-small-0.3');
    expect(flags).toMatchObject({
      data: 'mnist',
      epsilon: 0.3,
      bounds: 'sketch:per-layer',
      projections: 50,
      estimator: 'median',
    });
    const settings = trainSettings(flags, 0.3);
    expect(settings).toMatchObject({ epochs: 60, batch: 50, optimizer: { kind: 'adam' }, learningRate: 0.001 });
    expect([0, 10, 20, 50].map(epoch => rampAt(settings.epsilon, epoch))).toEqual([0.01, 0.155, 0.3, 0.3]);
    const rates = [0, 19, 20, 29, 30, 59].map(epoch => learningRateAt(settings.learningRateSchedule, 1, epoch, 60));
    expect(rates.slice(0, 2)).toEqual([1, 1]);
    expect(rates.at(-1)).toBeLessThanOrEqual(1 / 8);
    expect(rampAt(settings.naturalWeight, 0)).toBe(0);
  });

  it('of CIFAR-10 has its radii in pixels, and crops and mirrors', () => {
    const flags = flagsAfter('cifar-small-8');
    expect(flags.epsilon).toBe(8 / 255);
    expect(trainSettings(flags, 8 / 255)).toMatchObject({
      optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
      learningRate: 0.05,
      augment: { shift: 4, flip: true },
    });
    expect(flags.epsilonStart).toBeCloseTo(0.000225, 10);
  });

  it('leaves what the command line says', () => {
    const flags = flagsAfter(
      'mnist-wide-4',
      '--epochs',
      '3',
      '--data',
      'digits',
      '--bounds',
      'interval',
      '--set',
      'k=2',
    );
    expect(flags).toMatchObject({ epochs: 3, data: 'digits', bounds: 'interval', set: { k: '2' }, epsilon: 0.1 });
    expect(flagsAfter('mnist-small-l2')).toMatchObject({ norm: 'l2', box: false, epsilon: 1.58 });
  });
});
