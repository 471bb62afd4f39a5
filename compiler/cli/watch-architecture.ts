/** Compiles again on every change of the architecture's folder; a file with errors leaves the last good module in place. */
import { watch } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type CompileRequest, compileToFiles } from './compile-to-files.ts';
import { say } from './say.ts';

/** Editors write a file in several steps: wait this long, in milliseconds, for them to finish. */
const settleTime = 100;

export async function watchArchitecture(request: CompileRequest): Promise<void> {
  const compile = async (): Promise<void> => {
    try {
      await compileToFiles(request);
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  };
  await compile();
  for await (const { filename } of watch(dirname(request.architecture), { recursive: true })) {
    if (filename?.endsWith('.arch.ts') !== true) continue;
    await new Promise(resolve => setTimeout(resolve, settleTime));
    await compile();
  }
}
