/**
 * A project of someone who uses dualc, in a folder of its own: `node_modules` holds dualc, as built in `dist`, and nothing of what
 * dualc depends on. So do packagers that give each package what it declares and no more.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface UserProject {
  readonly folder: string;
  write(name: string, text: string): void;
  /** Runs a program of the project; its standard output, trimmed. Fails as it fails. */
  node(...args: readonly string[]): string;
  /** Runs the command line in the project. */
  dualc(args: readonly string[]): string;
  remove(): void;
}

/** @param packages those that the project itself depends on, beside dualc */
export function makeUserProject(packages: readonly string[] = []): UserProject {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dualc-user-')));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'dualc'), 'dir');
  for (const name of packages) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'dir');
  }
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const node = (...args: readonly string[]): string =>
    execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim();
  return {
    folder,
    write(name, text) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    },
    node,
    dualc: args => node(join(root, 'dist/compiler/cli/main.js'), ...args),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
