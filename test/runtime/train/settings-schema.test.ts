import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { trainSettings } from '../../../compiler/cli/train-plan.ts';
import { readRunDescription, runFolder } from '../../../runtime/checkpoint/run-folder.ts';
import { InputError } from '../../../runtime/errors.ts';
import { completeSettings, trainSettingsSchema } from '../../../runtime/train/settings-schema.ts';
import { toyMeta } from '../../support/toy-model.ts';
import { toyDescription, toySettings } from '../../support/toy-run.ts';

describe('completeSettings', () => {
  it.each([
    ['adam', {}],
    ['sgd', { optimizer: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4 } }],
  ] as const)('leaves what the command line leaves: %s', (optimizer, said) => {
    for (const epochs of [1, 2, 15, 20]) {
      const flags = {
        epochs,
        batch: 50,
        optimizer,
        momentum: 0.9,
        epsilonStart: 0,
        naturalWeight: [1, 0],
        init: 'he',
        seed: 0,
      } as const;
      expect(completeSettings({ ...said, epochs }, toyMeta)).toEqual(trainSettings(flags, toyMeta.ball.epsilon));
    }
  });

  it('keeps what is said, and takes undefined for open', () => {
    expect(completeSettings(toySettings, toyMeta)).toEqual(toySettings);
    expect(completeSettings(undefined, toyMeta)).toMatchObject({ epochs: 15, seed: 0, clip: null });
    expect(completeSettings({ ...toySettings, seed: undefined } as object, toyMeta).seed).toBe(0);
  });

  it('says of each setting that is out of range what would do', () => {
    expect(() => completeSettings({ epochs: Number.NaN, batch: 0 }, toyMeta)).toThrow(
      'train: settings.epochs is NaN: it needs a whole number, at least 1\n' +
        'train: settings.batch is 0: it needs a whole number, at least 1',
    );
  });
});

describe('run.json', () => {
  const changes: readonly (readonly [string, object])[] = [
    ['batch', { batch: 0 }],
    ['epochs', { epochs: 0 }],
    ['learningRate', { learningRate: -1 }],
    ['optimizer.momentum', { optimizer: { kind: 'sgd', momentum: 2, weightDecay: 0 } }],
    ['epsilon.to', { epsilon: { from: 0, to: 1e-46, epochs: 1 } }],
    ['clip', { clip: 0 }],
  ];
  it.each(changes)('with %s out of range is refused, by its name', async (name, change) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'dualc-settings-'));
    try {
      const run = runFolder(folder);
      await writeFile(run.description, JSON.stringify({ ...toyDescription, settings: { ...toySettings, ...change } }));
      const failure = readRunDescription(run);
      await expect(failure).rejects.toThrow(InputError);
      await expect(failure).rejects.toThrow(`settings.${name}: `);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('as it was written is taken', () => expect(v.parse(trainSettingsSchema, toySettings)).toEqual(toySettings));
});
