import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildCommandLine } from '../../../compiler/cli/build-command-line.ts';
import { runCommandLine } from '../../../compiler/cli/run-command-line.ts';

let err = '';
beforeEach(() => {
  err = '';
  vi.spyOn(process.stderr, 'write').mockImplementation(text => {
    err += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

/** A value that the option takes; none for a flag. */
function acceptedValue(option: Option): string[] {
  if (!option.required && !option.optional) return [];
  if (option.argChoices !== undefined) return [option.argChoices[0]!];
  const tried = ['1', '2', '0.5', '0,1', '1GiB', 'constant', 'flip', 'a=b'];
  const fits = tried.find(text => {
    try {
      option.parseArg?.(text, undefined as never);
      return true;
    } catch {
      return false;
    }
  });
  return [fits ?? 'x'];
}

/** Each file of weights is a stage of a cascade; constants are many, and each of them is set once. */
const collecting = (command: string, { long }: Option): boolean =>
  long === '--map' || long === '--set' || (long === '--weights' && ['certify', 'predict', 'attack'].includes(command));

const everyOption = (buildCommandLine().commands as CommandUnknownOpts[]).flatMap(command =>
  (command.options as Option[])
    .filter(option => !collecting(command.name(), option))
    .map(option => [command.name(), option.long ?? option.flags, option] as const),
);

describe('an option that is given twice', () => {
  it('is known for all commands', () => expect(everyOption.length).toBeGreaterThan(80));

  it.each(everyOption)('is refused: %s %s', async (command, name, option) => {
    // A sketch has two numbers at least, whatever a valid value is otherwise.
    const value = name === '--projections' ? ['2'] : acceptedValue(option);
    const code = await runCommandLine([command, 'x', name, ...value, name, ...value]);
    expect(err).toContain(`error: option '${name}' is given twice: give it once`);
    expect(code).toBe(2);
  });

  it('is refused among the options of all commands', async () => {
    expect(await runCommandLine(['--quiet', 'explain', '--quiet', 'wrong-type'])).toBe(2);
    expect(err).toContain("'--quiet' is given twice");
  });

  it('and its short form are one', async () => {
    expect(await runCommandLine(['compile', 'x.arch.ts', '-o', 'a.ts', '--output', 'b.ts'])).toBe(2);
    expect(err).toContain("'--output' is given twice");
  });

  it('contradicts its negation', async () => {
    expect(await runCommandLine(['certify', 'x.arch.ts', '--no-box', '--box', '0,1'])).toBe(2);
    expect(err).toContain("options '--no-box' and '--box' contradict each other");
  });

  it('is taken where it collects', async () => {
    const code = await runCommandLine(['import', 'x', '--map', 'a=b', '--map', 'c=d']);
    expect(err).not.toContain('twice');
    expect(err).toContain("required option '--arch <arch>' not specified");
    expect(code).toBe(2);
  });

  it('is a stage more, in the order of the command line', async () => {
    const code = await runCommandLine([
      'predict',
      'x.arch.ts',
      '--weights',
      'a',
      '--weights',
      'b',
      '--thresholds',
      '0',
    ]);
    expect(err).not.toContain('twice');
    expect(code).toBe(2);
  });
});
