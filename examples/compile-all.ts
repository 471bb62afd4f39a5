/** Compiles every architecture of this folder to the module beside it: `npm run examples`. */
import { readdirSync } from 'node:fs';
import { compileToFiles } from '../compiler/cli/compile-to-files.ts';

const architectures = readdirSync('examples').filter(name => name.endsWith('.arch.ts'));
for (const name of architectures) {
  const written = await compileToFiles({
    architecture: `examples/${name}`,
    output: undefined,
    language: 'ts',
    schedule: {},
    command: `dualc compile ${name}`,
    check: false,
    dump: undefined,
    print: undefined,
    json: false,
  });
  if (!written) process.exitCode = 1;
}
