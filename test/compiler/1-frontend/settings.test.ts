/** `--set`: a constant of the file with another value reads as if that were written there. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SettingError, type Settings } from '../../../compiler/1-frontend/apply-settings.ts';
import type { LayerGraph } from '../../../compiler/2-graph/layer.ts';
import { parametersOf } from '../../../compiler/2-graph/parameters.ts';
import { readGraph } from '../../../compiler/compile.ts';
import { silentTrace } from '../../../compiler/shared/trace.ts';

const text = `import { dense, input, linf, network, relu } from 'dualc';
import { other } from './other.arch.ts';
export const units = 3;
const scale = -2, name = 'first', deep = true, nothing = null;
const twice = 2 * units;
let later = 5;
const x = input([other]);
const hidden = relu(dense(x, { units: twice - scale, name }));
const more = deep ? relu(dense(hidden, { units })) : hidden;
export default network({ input: x, output: dense(more, { units: later }), ball: linf({ epsilon: 0.1 }) });
`;

function read(file: string, settings: Settings): LayerGraph {
  const texts: Readonly<Record<string, string>> = { 'net.arch.ts': file, 'other.arch.ts': 'export const other = 4;' };
  const open = (path: string) => {
    const own = texts[path.split('/').at(-1)!];
    return own === undefined ? ({ kind: 'missing' } as const) : ({ kind: 'text', text: own } as const);
  };
  return readGraph('net.arch.ts', silentTrace, { open, settings }).graph;
}

const shapes = (settings: Settings): string =>
  read(text, settings)
    .layers.filter(({ kind }) => kind === 'dense')
    .map(({ id, shape }) => `${id} ${shape}`)
    .join('; ');

describe('a setting', () => {
  it('changes nothing where there is none', () => expect(shapes({})).toBe('first 8; dense_2 3; dense_3 5'));

  it.each<[Settings, string]>([
    [{ units: '10' }, 'first 22; dense_2 10; dense_3 5'],
    [{ units: '1e1' }, 'first 22; dense_2 10; dense_3 5'],
    [{ scale: '4' }, 'first 2; dense_2 3; dense_3 5'],
    [{ scale: '-4', name: 'wide' }, 'wide 10; dense_2 3; dense_3 5'],
    [{ deep: 'false' }, 'first 8; dense_2 5'],
  ])('%j reads as if it were written there', (settings, expected) => {
    expect(shapes(settings)).toBe(expected);
    const written = Object.entries(settings).reduce(
      (file, [name, value]) =>
        file.replace(
          new RegExp(`${name} = (-?\\d+|'first'|true)`),
          `${name} = ${name === 'name' ? `'${value}'` : value}`,
        ),
      text,
    );
    expect(written).not.toBe(text);
    expect(read(written, {})).toMatchObject({
      layers: read(text, settings).layers.map(({ id, kind, shape }) => ({ id, kind, shape })),
    });
  });

  it.each<[Settings, RegExp]>([
    [
      { unit: '4' },
      /--set unit: net\.arch\.ts has no such constant at its top level; those that can be are units, scale, name, deep/,
    ],
    [{ twice: '4' }, /--set twice: net\.arch\.ts computes twice; only constants that are written as a number/],
    [{ nothing: '4' }, /computes nothing/],
    [{ later: '4' }, /has no such constant/],
    [{ other: '4' }, /has no such constant/],
    [{ x: '4' }, /computes x/],
    [{ units: 'four' }, /--set units=four: in net\.arch\.ts it is 3, so a number is needed/],
    [{ units: '' }, /a number is needed/],
    [{ units: 'Infinity' }, /a number is needed/],
    [{ deep: '1' }, /it is true, so true or false is needed/],
  ])('%j is refused', (settings, message) => {
    expect(() => read(text, settings)).toThrow(SettingError);
    expect(() => read(text, settings)).toThrow(message);
  });

  it('that the layers do not take is an error of the file, at its place', () => {
    expect(() => read(text, { units: '-3' })).toThrow(/has 1 error|units/);
  });
});

describe('the networks of Table 3', () => {
  const example = (name: string): string =>
    fileURLToPath(new URL(`../../../examples/${name}.arch.ts`, import.meta.url));
  const parameters = (name: string, k: number): number => {
    const { graph } = readGraph(example(name), silentTrace, { settings: { k: String(k) } });
    return parametersOf(graph).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  };

  // Counted by hand: kernels, biases, layer by layer.
  it.each([1, 2, 4, 8, 16])('Wide(%i)', k => {
    const conv = 16 * (4 * k) + 4 * k + 16 * (4 * k) * (8 * k) + 8 * k;
    const dense = 49 * 8 * k * (128 * k) + 128 * k + 128 * k * 10 + 10;
    expect(parameters('mnist-wide', k)).toBe(conv + dense);
  });

  it.each([1, 2, 3])('Deep(%i)', k => {
    const between =
      k > 1
        ? 9 * 8 +
          8 +
          (k - 2) * (9 * 64 + 8) +
          (16 * 64 + 8) +
          (9 * 8 * 16 + 16) +
          (k - 2) * (9 * 256 + 16) +
          (16 * 256 + 16)
        : 16 * 8 + 8 + (16 * 8 * 16 + 16);
    expect(parameters('mnist-deep', k)).toBe(between + 49 * 16 * 100 + 100 + 1010);
  });

  it('are written without a setting as with k = 1', () => {
    for (const name of ['mnist-wide', 'mnist-deep']) {
      expect(readFileSync(example(name), 'utf8')).toContain('const k = 1;');
    }
  });
});
