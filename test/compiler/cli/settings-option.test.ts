/** `--set` on the command line: into modules, headers and messages. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { setting, settingWords } from '../../../compiler/cli/settings-option.ts';
import { makeWorkplace, type Workplace } from '../../support/command-line.ts';

const network = `import { dense, input, linf, network, relu } from 'dualc';
const units = 3;
const title = 'x';
const point = input([2]);
const hidden = relu(dense(point, { units }));
export default network({ input: point, output: dense(hidden, { units: 2, name: title }), ball: linf({ epsilon: 0.1 }) });
`;

let place: Workplace;
beforeEach(() => {
  place = makeWorkplace();
  place.write('net.arch.ts', network);
});
afterEach(() => place.remove());

it('compiles another network, and its header says by which command', async () => {
  expect((await place.dualc(['compile', 'net.arch.ts', '--set', 'units=7', '--set', 'title=two words'])).code).toBe(1);
  const { code } = await place.dualc(['compile', 'net.arch.ts', '--set', 'units=7', '--set', 'title=logits']);
  expect(code).toBe(0);
  const module = place.read('net.dual.ts');
  expect(module.replaceAll('\n// ', ' ')).toContain('`dualc compile net.arch.ts --set units=7 --set title=logits`');
  expect(module).toContain('[2, 7]');
  expect(
    (await place.dualc(['compile', 'net.arch.ts', '--set', 'units=7', '--set', 'title=logits', '--check'])).code,
  ).toBe(0);
  expect(
    (await place.dualc(['compile', 'net.arch.ts', '--set', 'units=8', '--set', 'title=logits', '--check'])).code,
  ).toBe(1);
});

it('explains another network', async () => {
  expect((await place.dualc(['explain', 'net.arch.ts', '--graph', '--set', 'units=7'])).out).toContain(': [7]');
});

it.each([
  [
    ['--set', 'unit=4'],
    'error: --set unit: net.arch.ts has no such constant at its top level; those that can be are units, title',
  ],
  [['--set', 'units'], 'It must be the name of a constant and its value'],
  [['--set', '=4'], 'It must be the name of a constant and its value'],
  [['--set', 'units=4', '--set', 'units=5'], 'units is set twice: set it once'],
  [['--set', 'units=a lot'], 'so a number is needed'],
])('%j is refused', async (words, message) => {
  for (const command of ['compile', 'explain']) {
    const { code, err } = await place.dualc([command, 'net.arch.ts', ...words]);
    expect(err).toContain(message);
    expect(code).toBe(2);
  }
});

it('is written as it is read', () => {
  const read = setting('b=c=d', setting('a= 1', undefined));
  expect(read).toEqual({ a: ' 1', b: 'c=d' });
  expect(settingWords(read)).toEqual(['--set', 'a= 1', '--set', 'b=c=d']);
  expect(settingWords(undefined)).toEqual([]);
});
