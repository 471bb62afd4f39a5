/** The compiled command line, because it loads what it compiles. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../../../dist/compiler/cli/main.js', import.meta.url));
const architecture = fileURLToPath(new URL('../../../examples/mnist-small.arch.ts', import.meta.url));

/** Ends where the weights are looked for, after the model was loaded. */
function certify(...flags: string[]): string {
  const args = [
    main,
    'certify',
    architecture,
    '--weights',
    'nowhere',
    '--data',
    'digits',
    '--epsilon',
    '0.5',
    ...flags,
  ];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain('cannot read nowhere');
  return stderr;
}

describe('--norm l2 for an architecture with a box', () => {
  it('says that the box does not hold', () => {
    expect(certify('--norm', 'l2', '--quiet')).toMatch(
      /^warning: an l2 ball has no box in this version of dualc: it reaches beyond the limits \[0, 1\] that .*; --no-box says/,
    );
  });

  it('says nothing when that is asked for, or the norm is another', () => {
    expect(certify('--norm', 'l2', '--no-box')).not.toContain('warning');
    expect(certify('--norm', 'linf')).not.toContain('warning');
  });
});
