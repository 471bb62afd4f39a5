/** `dualc explain`: an architecture as the compiler sees it, or a diagnostic by its code. */
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diagnosticCodes, explainCode } from '../../../compiler/diagnostics/catalog.ts';
import { brokenArchitecture, makeWorkplace, smallArchitecture, type Workplace } from '../../support/command-line.ts';

let place: Workplace;
beforeEach(() => {
  place = makeWorkplace();
  place.write('net.arch.ts', smallArchitecture);
});
afterEach(() => place.remove());

async function explained(...flags: string[]): Promise<string> {
  const { code, out, err } = await place.dualc(['explain', 'net.arch.ts', ...flags]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
}

/** The rows of a schedule's table: bound, mark, strategy. */
const rows = (text: string): string[] =>
  text.split('\n').flatMap(line => {
    const [, bound = '', mark = '', strategy = ''] = line.split('│').map(cell => cell.trim());
    return strategy === '' || strategy === 'strategy' ? [] : [`${bound} ${mark} ${strategy}`.trim()];
  });

describe('dualc explain ARCH', () => {
  it('shows graph, dual and both schedules, and writes nothing', async () => {
    const out = await explained();
    const headings = [...out.matchAll(/^[A-Z][A-Z ]{4,}/gm)].map(([heading]) => heading.trim());
    expect(headings).toEqual(['GRAPH', 'DUAL NETWORK', 'SCHEDULE TO CERTIFY', 'SCHEDULE TO TRAIN']);
    expect(readdirSync(place.folder)).toEqual(['net.arch.ts']);
  });

  it('shows the same text again, without colours', async () => {
    const first = await explained();
    expect(await explained()).toBe(first);
    expect(first).not.toContain('\u001b');
  });

  it('shows every layer of the graph with its shape', async () => {
    const out = await explained('--graph');
    for (const layer of ['image = input', 'conv2 = conv2d(relu1)', 'joined = add(conv2, relu1)', 'logits = dense('])
      expect(out).toContain(layer);
    expect(out).toContain(': [4, 4, 2]');
    expect(out).not.toMatch(/DUAL NETWORK|SCHEDULE/);
  });

  it('shows the graph as written, and, when it was rewritten, in fewer layers', async () => {
    place.write('net.arch.ts', smallArchitecture.replace('flatten(relu2)', 'flatten(flatten(relu2))'));
    const [written = '', fewer = ''] = (await explained('--graph')).split('THE SAME IN FEWER LAYERS');
    expect(written.match(/ = flatten\(/g)).toHaveLength(2);
    expect(fewer.match(/ = flatten\(/g)).toHaveLength(1);
    expect(fewer).toMatch(/^# joinReshapes: flatten_2 reads relu2 instead of flatten_1$/m);
    place.write('net.arch.ts', smallArchitecture);
    expect(await explained('--graph')).not.toContain('FEWER');
  });

  it('shows the dual bound by bound, with the skip reversed', async () => {
    const out = await explained('--dual');
    expect(out.match(/^bound .*/gm)).toEqual([
      'bound input of relu1 = output of conv1: 32 identity rows',
      'bound input of relu2 = output of joined: 32 identity rows, needs relu1',
      'bound margins = output of logits: 3 rows e_label - e_class, needs relu2, relu1',
    ]);
    expect(out).toMatch(/joined +copy -> conv2, relu1 +\(skip, reversed\)/);
    expect(out).toMatch(/relu1 +sum of the duals from joined, conv2 +\(fan-out, reversed\)/);
    expect(out).not.toMatch(/GRAPH|SCHEDULE/);
  });

  it('shows both schedules, each choice marked, the runner-ups below it', async () => {
    const out = await explained('--schedule');
    const [certify = '', train = ''] = out.split('SCHEDULE TO TRAIN');
    expect(rows(certify)).toEqual([
      'relu1 * closed form',
      'backward, 32 rows at a time',
      'interval',
      'relu2 * backward, 32 rows at a time',
      'patches, 16 positions at a time',
      'backward through CROWN lines, 32 rows at a time',
      'patches through CROWN lines, 16 positions at a time',
      'sparse, 1 at a time, up to 1; or backward, 32 rows at a time',
      'sparse, 2 at a time, up to 2; or backward through CROWN lines, 32 rows at a time',
      'interval',
      'margins * backward, 3 rows at a time',
      'backward through CROWN lines, 3 rows at a time',
      'interval',
    ]);
    // Reasons go over several lines.
    const reasons = certify.replace(/[│\s]+/g, ' ');
    expect(reasons).toContain('a walk for each side');
    expect(reasons).toContain('one walk for the one side');
    expect(certify).toContain('(exact: every bound is proved, for real numbers and for float32)');
    expect(train).toContain('(estimates: it trains, it proves nothing)');
    expect(rows(train)).toContain('relu2 * sketch, 10 projections, ml');
    expect(out.match(/peak of its tensors: [\d.]+ k?B \+ [\d.]+ k?B per example/g)).toHaveLength(2);
    expect(out).not.toMatch(/GRAPH|DUAL NETWORK/);
  });

  it('follows the flags of compile', async () => {
    expect(rows(await explained('--schedule', '--bounds', 'relu2=interval'))).toContain('relu2 * interval');
    expect(await explained('--schedule', '--projections', '4', '--estimator', 'median')).toContain(
      'sketch, 4 projections, median',
    );
    expect(rows(await explained('--schedule', '--memory', '20kB', '--batch', '1', '--bounds', 'backward'))).toContain(
      'relu2 * backward, 16 rows at a time',
    );
  });

  it('is exit code 1 for a file with errors, all of them on standard error', async () => {
    place.write('net.arch.ts', brokenArchitecture);
    const { code, out, err } = await place.dualc(['explain', 'net.arch.ts']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('--> net.arch.ts:5:20');
  });

  it('leaves warnings to standard error', async () => {
    place.write('net.arch.ts', smallArchitecture.replace('export', 'relu(conv1);\nexport'));
    const { code, out, err } = await place.dualc(['explain', 'net.arch.ts']);
    expect(code).toBe(0);
    expect(out).not.toContain('unused-layer');
    expect(err).toContain('warning[unused-layer]');
  });

  it('is exit code 2 for a bound that there is not', async () => {
    const { code, out, err } = await place.dualc(['explain', 'net.arch.ts', '--bounds', 'relu3=interval']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/there is no bound 'relu3'; .* did you mean 'relu1'\?/);
  });
});

describe('dualc explain CODE', () => {
  it.each(diagnosticCodes)('has a text for %s', async code => {
    expect(await place.dualc(['explain', code])).toEqual({ code: 0, out: `${explainCode(code)}\n`, err: '' });
  });

  it('suggests the code that was probably meant', async () => {
    const { code, out, err } = await place.dualc(['explain', 'kernel-too-big']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(
      "error: kernel-too-big is neither an architecture file nor the code of a diagnostic; did you mean 'kernel-too-large'?\n",
    );
  });

  it('suggests nothing where nothing is near', async () => {
    const { code, err } = await place.dualc(['explain', 'net.arch']);
    expect(code).toBe(1);
    expect(err).toBe('error: net.arch is neither an architecture file nor the code of a diagnostic\n');
  });

  it('asks for the architecture when it is given a compiled module', async () => {
    place.write('net.dual.ts', 'export default {};\n');
    const { code, err } = await place.dualc(['explain', 'net.dual.ts']);
    expect(code).toBe(1);
    expect(err).toBe(
      'error: net.dual.ts is a module that dualc compiled: give the architecture that it was compiled from\n',
    );
  });

  it('names in its help codes that exist', async () => {
    const { out } = await place.dualc(['explain', '--help']);
    const words = out.replaceAll(/\s+/g, ' ');
    const codes = [...words.matchAll(/(?:such as|dualc explain) ([a-z]+(?:-[a-z]+)+)(?![\w.-])/g)].map(
      ([, code]) => code!,
    );
    expect(codes).toHaveLength(2);
    for (const code of codes) expect(diagnosticCodes).toContain(code);
  });
});
