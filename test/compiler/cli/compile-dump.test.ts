/** `dualc compile --dump` and `--print`: every form, the same each time, and alike for architectures that are alike. */
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { passList } from '../../../compiler/6-passes/pass-list.ts';
import { makeWorkplace, smallArchitecture, type Workplace } from '../../support/command-line.ts';

let place: Workplace;
beforeEach(() => {
  place = makeWorkplace();
  place.write('net.arch.ts', smallArchitecture);
});
afterEach(() => place.remove());

const programs = ['forward', 'certificate', 'robustLoss', 'naturalLoss', 'inputGradient'];
const withGradient = ['robustLoss', 'naturalLoss', 'inputGradient'];

async function dump(folder: string, text = smallArchitecture): Promise<Map<string, string>> {
  place.write('net.arch.ts', text);
  const { code } = await place.dualc(['compile', 'net.arch.ts', '--dump', folder]);
  expect(code).toBe(0);
  return new Map(
    readdirSync(`${place.folder}/${folder}`)
      .sort()
      .map(name => [name, place.read(`${folder}/${name}`)]),
  );
}

/** Lines of either text that the other lacks. */
function differing(a: string, b: string): string[] {
  const count = (text: string): Map<string, number> => {
    const lines = new Map<string, number>();
    for (const line of text.split('\n')) lines.set(line, (lines.get(line) ?? 0) + 1);
    return lines;
  };
  const [inA, inB] = [count(a), count(b)];
  return [...new Set([...inA.keys(), ...inB.keys()])].flatMap(line =>
    Array<string>(Math.abs((inA.get(line) ?? 0) - (inB.get(line) ?? 0))).fill(line),
  );
}

describe('--dump', () => {
  it('writes every stage, and every program after every pass', async () => {
    const forms = await dump('dump');
    for (const stage of [
      '10-arch.txt',
      '20-graph.txt',
      '25-normalised.txt',
      '30-dual.txt',
      '40-plan-certify.txt',
      '40-plan-train.txt',
      ...programs.map(program => `70-${program}-liveness.txt`),
      '80-module.ts',
    ])
      expect([...forms.keys()]).toContain(stage);
    for (const program of programs) {
      const states = [...forms.keys()].filter(name => new RegExp(`^[56]\\d-${program}\\b`).test(name));
      const passes = [...(withGradient.includes(program) ? ['gradient'] : []), ...passList.map(({ name }) => name)];
      expect(states).toEqual([
        `50-${program}.txt`,
        ...passes.map((pass, step) => `${60 + step}-${program}-${pass}.txt`),
      ]);
    }
  });

  it('says what it wrote on standard error, with a mark on what changed', async () => {
    const { out, err } = await place.dualc(['compile', 'net.arch.ts', '--dump', 'dump']);
    expect(out).toBe('');
    expect(err).toMatch(/^wrote \d+ forms to dump; \* marks those that differ/);
    expect(err).toContain('\n  * 60-robustLoss-gradient.txt\n');
    expect(err).toContain('\n    60-forward-fold-constants.txt\n');
    expect(err).toMatch(/wrote net\.dual\.ts\n$/);
  });

  it('holds the module that was written', async () => {
    expect((await dump('dump')).get('80-module.ts')).toBe(place.read('net.dual.ts'));
  });

  it('is the same byte for byte when it is made again', async () => {
    const [first, second] = [await dump('one'), await dump('two')];
    expect([...first.keys()]).toEqual([...second.keys()]);
    for (const [name, text] of first) expect(second.get(name), name).toBe(text);
  });

  it('differs in few lines for a layer of another size: its own, and those that see its shape', async () => {
    const [before, after] = [await dump('one'), await dump('two', smallArchitecture.replace('units: 3', 'units: 5'))];
    const logitsOnly = (line: string): boolean => /logits|margins|^hash /.test(line);
    for (const name of ['20-graph.txt', '30-dual.txt', '50-forward.txt', '65-forward-dead-code.txt']) {
      const lines = differing(before.get(name)!, after.get(name)!);
      expect(lines.length, name).toBeGreaterThan(0);
      expect(
        lines.filter(line => !logitsOnly(line)),
        name,
      ).toEqual([]);
    }
    const certificate = differing(before.get('50-certificate.txt')!, after.get('50-certificate.txt')!);
    expect(certificate.filter(line => / ; bounds:/.test(line))).toEqual([]);
  });

  it('keeps the ids of all that comes before a layer that changed its kind of work', async () => {
    const without = smallArchitecture.replace('units: 3', 'units: 3, useBias: false');
    const [before, after] = [await dump('one'), await dump('two', without)];
    const lines = differing(before.get('50-certificate.txt')!, after.get('50-certificate.txt')!);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter(line => / ; (bounds:|ball)/.test(line))).toEqual([]);
  });

  it('is exit code 1 when its folder cannot be made', async () => {
    const { code, err } = await place.dualc(['compile', 'net.arch.ts', '--dump', 'net.arch.ts/dump']);
    expect(code).toBe(1);
    expect(err).toContain('error: net.arch.ts cannot be written');
  });
});

describe('--print', () => {
  it.each([
    ['graph', '20-graph.txt'],
    ['dual', '30-dual.txt'],
    ['module', '80-module.ts'],
  ])('shows %s on standard output and writes nothing', async (form, file) => {
    const forms = await dump('dump');
    const { code, out, err } = await place.dualc(['compile', 'net.arch.ts', '--print', form]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(forms.get(file));
  });

  it('writes no file', async () => {
    await place.dualc(['compile', 'net.arch.ts', '--print', 'module']);
    expect(readdirSync(place.folder)).toEqual(['net.arch.ts']);
  });

  it('shows both plans under their names', async () => {
    const forms = await dump('dump');
    const { out } = await place.dualc(['compile', 'net.arch.ts', '--print', 'plan']);
    const part = (name: string): string => `; ${name}\n${forms.get(name)}\n`;
    expect(out).toBe(part('40-plan-certify.txt') + part('40-plan-train.txt'));
  });

  it('shows every program as the last pass left it', async () => {
    const forms = await dump('dump');
    const { out } = await place.dualc(['compile', 'net.arch.ts', '--print', 'program']);
    const shown = [...out.matchAll(/^; (\S+)$/gm)].map(([, name]) => name!);
    const last = passList.at(-1)!.name;
    expect(shown.map(name => name.replace(/^\d+-/, ''))).toEqual(programs.map(program => `${program}-${last}.txt`));
    for (const name of shown) expect(out).toContain(forms.get(name)!);
  });

  it('leaves warnings to standard error', async () => {
    place.write('net.arch.ts', smallArchitecture.replace('export', 'relu(conv1);\nexport'));
    const { out, err } = await place.dualc(['compile', 'net.arch.ts', '--print', 'graph']);
    expect(out).not.toContain('warning');
    expect(err).toContain('warning[unused-layer]');
  });
});
