/**
 * Compiles every architecture of this folder again, by the command in the header of its module: `npm run examples`.
 * A new architecture is compiled without flags.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { runCommandLine } from '../compiler/cli/run-command-line.ts';

process.chdir(import.meta.dirname);
for (const architecture of readdirSync('.').filter(name => name.endsWith('.arch.ts'))) {
  const module = architecture.replace('.arch.ts', '.dual.ts');
  const header = existsSync(module) ? readFileSync(module, 'utf8').split('\nimport ', 1)[0] : '';
  const command = /`dualc compile \S+ ([^`]+)`/.exec((header ?? '').replaceAll('\n// ', ' '));
  const flags = command?.[1]?.split(' ') ?? [];
  process.exitCode = Math.max(Number(process.exitCode ?? 0), await runCommandLine(['compile', architecture, ...flags]));
}
