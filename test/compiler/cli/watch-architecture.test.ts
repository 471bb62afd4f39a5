/** `dualc compile --watch`: follows the architecture and what it imports, wherever that lies. */
import { existsSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchArchitecture } from '../../../compiler/cli/watch-architecture.ts';
import { brokenArchitecture, makeWorkplace, smallArchitecture, type Workplace } from '../../support/command-line.ts';

const importing = smallArchitecture
  .replace("from 'dualc';", "from 'dualc';\nimport { filters } from '../shared/sizes.ts';")
  .replaceAll('filters: 2', 'filters');

let place: Workplace;
let said: string[];
let stop: AbortController;
let ended: Promise<void>;

beforeEach(() => {
  place = makeWorkplace();
  said = [];
  stop = new AbortController();
  vi.spyOn(process.stderr, 'write').mockImplementation(text => {
    said.push(String(text));
    return true;
  });
  place.write('shared/sizes.ts', 'export const filters = 2;\n');
  place.write('nets/net.arch.ts', importing);
});
afterEach(async () => {
  stop.abort();
  await ended;
  vi.restoreAllMocks();
  place.remove();
});

function start(): void {
  ended = watchArchitecture(
    {
      architecture: `${place.folder}/nets/net.arch.ts`,
      output: `${place.folder}/net.ts`,
      language: 'ts',
      schedule: {},
      command: 'dualc compile net.arch.ts',
      check: false,
      dump: undefined,
      print: undefined,
      json: false,
    },
    stop.signal,
  );
}

/** What was said since the last time, once it matches. */
async function hears(pattern: RegExp): Promise<void> {
  await vi.waitFor(() => expect(said.join('')).toMatch(pattern), { timeout: 30_000, interval: 20 });
  said.length = 0;
}

const filtersOf = (code: string): string | undefined => /'conv1\.weight',.*?shape: \[3, 3, 1, (\d)\]/s.exec(code)?.[1];

describe('watchArchitecture', () => {
  it('compiles at once, and again when the architecture changes', async () => {
    start();
    await hears(/wrote .*net\.ts/);
    place.write('nets/net.arch.ts', importing.replace('epsilon: 0.1', 'epsilon: 0.2'));
    await hears(/wrote .*net\.ts/);
    expect(place.read('net.ts')).toContain('epsilon: 0.2');
  });

  it('compiles again when a file changes that it imports from another folder', async () => {
    start();
    await hears(/wrote/);
    expect(filtersOf(place.read('net.ts'))).toBe('2');
    place.write('shared/sizes.ts', 'export const filters = 3;\n');
    await hears(/wrote/);
    expect(filtersOf(place.read('net.ts'))).toBe('3');
  });

  it('keeps the last good module while the file has errors, and goes on after them', async () => {
    start();
    await hears(/wrote/);
    const good = place.read('net.ts');
    place.write('nets/net.arch.ts', brokenArchitecture);
    await hears(/1 error, nothing was written/);
    expect(place.read('net.ts')).toBe(good);
    place.write('nets/net.arch.ts', smallArchitecture);
    await hears(/wrote/);
    expect(place.read('net.ts')).not.toBe(good);
  });

  it('waits for an imported file that is not there, in a folder that is not there', async () => {
    rmSync(`${place.folder}/shared`, { recursive: true });
    start();
    await hears(/nothing was written/);
    expect(existsSync(`${place.folder}/net.ts`)).toBe(false);
    place.write('shared/sizes.ts', 'export const filters = 2;\n');
    await hears(/wrote/);
  });

  it('goes on after an output that cannot be written', async () => {
    place.write('net.ts/in-the-way.txt', '');
    start();
    await hears(/error: cannot read .*net\.ts/);
    rmSync(`${place.folder}/net.ts`, { recursive: true });
    place.write('shared/sizes.ts', 'export const filters = 4;\n');
    await hears(/wrote/);
  });
});
