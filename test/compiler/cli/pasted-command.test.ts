import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { pastedCommand, resumeCommand } from '../../../compiler/cli/pasted-command.ts';

/** The words that a shell makes of a command. */
function words(command: string): string[] {
  const printed = execFileSync('bash', ['-c', `dualc() { printf '%s\\0' "$@"; }; ${command}`]).toString();
  return printed.split('\0').slice(0, -1);
}

describe('a command to be pasted', () => {
  it.each([
    ['a b'],
    ["it's"],
    ['$HOME `id` "x" \\ !'],
    ['*.ts;rm'],
    ['ü/日本'],
    ['line\nbreak\tand\u001b[31m'],
    [''],
    ['~/run'],
  ])('gives the shell %j as one word', name => expect(words(pastedCommand('train', name))).toEqual(['train', name]));

  it('is not quoted where it need not be', () => {
    expect(resumeCommand('a/net.arch.ts', 'run-1')).toBe('dualc train a/net.arch.ts --resume --out run-1');
  });

  it('names paths that begin with a dash so that they are no options', () => {
    expect(words(resumeCommand('-n.arch.ts', '--run', ['--data-dir', 'my data']))).toEqual([
      'train',
      './-n.arch.ts',
      '--resume',
      '--out',
      './--run',
      '--data-dir',
      'my data',
    ]);
  });
});
