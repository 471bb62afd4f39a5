import { describe, expect, it } from 'vitest';
import { fromCode } from '../../../compiler/7-emit/safe-text.ts';
import { moduleNames, nameSections, takenNames } from '../../../compiler/7-emit/section-names.ts';
import { exportedNames } from '../../../compiler/programs.ts';

const named = (sections: readonly string[], prefix = '', taken = takenNames(exportedNames)) =>
  Object.fromEntries(
    [...nameSections(sections, fromCode(prefix), taken)].map(([section, names]) => [section, { ...names }]),
  );

describe('nameSections', () => {
  it('names functions after what they compute and records after what they hold', () => {
    expect(named(['ball', 'bounds:relu1', 'margins', 'loss', 'gradient:loss', 'gradient:bounds:relu1'])).toEqual({
      ball: { function: 'ballAround', record: 'ball' },
      'bounds:relu1': { function: 'boundsOfRelu1', record: 'relu1' },
      margins: { function: 'certifiedMargins', record: 'certified' },
      loss: { function: 'meanLoss', record: 'loss' },
      'gradient:loss': { function: 'gradientOfLoss', record: 'lossGradient' },
      'gradient:bounds:relu1': { function: 'gradientOfRelu1', record: 'relu1Gradient' },
    });
  });

  it('keeps the functions of programs apart', () => {
    const taken = takenNames(exportedNames);
    expect(named(['ball'], '', taken).ball!.function).toBe('ballAround');
    expect(named(['ball'], 'training', taken).ball!.function).toBe('trainingBallAround');
    expect(named(['ball'], '', taken).ball!.function).toBe('ballAround2');
  });

  it('gives different names to layers whose names become one identifier, and to their gradients', () => {
    const names = named(['bounds:relu_1', 'bounds:relu1', 'gradient:bounds:relu1', 'gradient:bounds:relu_1']);
    expect(names['bounds:relu_1']).toEqual({ function: 'boundsOfRelu1', record: 'relu1' });
    expect(names['bounds:relu1']).toEqual({ function: 'boundsOfRelu1_2', record: 'relu1_2' });
    expect(names['gradient:bounds:relu1']).toEqual({ function: 'gradientOfRelu1_2', record: 'relu1_2Gradient' });
    expect(names['gradient:bounds:relu_1']).toEqual({ function: 'gradientOfRelu1', record: 'relu1Gradient' });
  });

  it.each([
    'ball',
    'loss',
    'certificate',
    'certified',
    'network',
    'ballAround',
    'meanLoss',
    'certifiedMargins',
    'forward',
    'p',
    'x',
  ])('gives no two things one name when a layer is called %s', layer => {
    const sections = ['ball', `bounds:${layer}`, 'margins', 'loss', 'gradient:loss', `gradient:bounds:${layer}`];
    const names = Object.values(named(sections)).flatMap(({ function: name, record }) => [name, record]);
    expect(new Set([...names, ...moduleNames]).size).toBe(names.length + moduleNames.length);
  });
});
