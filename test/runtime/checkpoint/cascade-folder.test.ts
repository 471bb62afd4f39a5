/** What a cascade keeps on the disk: written, read back, and refused where it is damaged. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type CascadeManifest,
  cascadeFolder,
  holdsCascade,
  readCascadeManifest,
  writeCascadeManifest,
} from '../../../runtime/checkpoint/cascade-folder.ts';
import { loadVerdicts, saveVerdicts } from '../../../runtime/checkpoint/verdicts-file.ts';
import { toyDescription } from '../../support/toy-run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'dualc-cascade-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const begun: CascadeManifest = {
  schemaVersion: 1,
  stages: 2,
  training: 'guarantee',
  rule: 'agreement',
  later: { start: 'previous', examples: 'left', epochs: 3, learningRate: 0.001 },
  certifyBounds: 'interval',
  validation: 0,
  run: toyDescription,
  result: null,
};
const stage = { weights: 'stage-1/weights.safetensors', examples: 10, robustExamples: 8 };
const ended: CascadeManifest = {
  ...begun,
  result: {
    rule: 'agreement',
    thresholds: [0, 0.5],
    stages: [stage, { ...stage, weights: 'stage-2/weights.safetensors' }],
  },
};

describe('a manifest', () => {
  it.each([
    ['begun', begun],
    ['ended', ended],
  ])('that is %s is read as it was written', async (_, manifest) => {
    const place = cascadeFolder(folder);
    expect(holdsCascade(folder)).toBe(false);
    await writeCascadeManifest(place, manifest);
    expect(holdsCascade(folder)).toBe(true);
    expect(await readCascadeManifest(place)).toEqual(manifest);
  });

  it.each<[string, (text: string) => string]>([
    ['cut', text => text.slice(0, 200)],
    ['of another version', text => text.replace('"schemaVersion": 1', '"schemaVersion": 2')],
    ['of an unknown rule', text => text.replaceAll('"agreement"', '"vote"')],
    ['with a threshold too few', text => text.replace(/"thresholds": \[[^\]]*\]/, '"thresholds": [0]')],
    ['with a threshold below 0', text => text.replace('0.5', '-0.5')],
    ['with no stages', text => text.replace(/"stages": \[[\s\S]*\]/, '"stages": []')],
    ['of a run that is none', text => text.replace('"norm": "linf"', '"norm": "l7"')],
  ])('%s is refused by name', async (_, damage) => {
    const place = cascadeFolder(folder);
    const text = JSON.stringify(ended, null, 2);
    expect(damage(text)).not.toBe(text);
    writeFileSync(place.manifest, damage(text));
    await expect(readCascadeManifest(place)).rejects.toThrow(/cascade\.json is damaged, or describes no cascade/);
  });
});

describe('verdicts', () => {
  const verdicts = {
    classes: Int32Array.of(2, 0, 1),
    margins: Float32Array.of(0.1, Number.NaN, 3),
    leads: Float64Array.of(0.1, 1e-300, Number.NaN),
    notComputed: [1],
  };

  it('are read bit by bit', async () => {
    const file = path.join(folder, 'verdicts.safetensors');
    await saveVerdicts(file, verdicts, { epsilon: '0.1' });
    expect(await loadVerdicts(file, 3)).toEqual(verdicts);
  });

  it('of another number of examples are refused', async () => {
    const file = path.join(folder, 'verdicts.safetensors');
    await saveVerdicts(file, verdicts, {});
    await expect(loadVerdicts(file, 4)).rejects.toThrow(/holds no classes of 4 examples: remove it/);
  });
});
