/** Where a compilation writes. */
import { resolve } from 'node:path';
import { InputError } from '../../runtime/errors.ts';

export interface OutputFiles {
  readonly module: string;
  /** The types of a JavaScript module. */
  readonly declarations: string | null;
}

export interface OutputRequest {
  readonly architecture: string;
  /** As given by `--output`. */
  readonly output: string | undefined;
  readonly language: 'ts' | 'js';
}

/** Throws `InputError` for names that do not fit the language, and for one that would replace the architecture. */
export function outputFiles({ architecture, output, language }: OutputRequest): OutputFiles {
  const module = output ?? besideArchitecture(architecture, language);
  if (resolve(module) === resolve(architecture))
    throw new InputError(`--output ${module} would replace the architecture: give the module another name`);
  const ending = { ts: /(?<!\.d)\.(m?)ts$/, js: /\.(m?)js$/ }[language];
  if (!ending.test(module)) {
    const other = language === 'ts' ? 'NAME.ts; for JavaScript add --emit js' : 'NAME.js, as --emit js asks for';
    throw new InputError(`--output ${module} is not named like what is written to it: call it ${other}`);
  }
  return { module, declarations: language === 'js' ? module.replace(ending, '.d.$1ts') : null };
}

function besideArchitecture(architecture: string, language: 'ts' | 'js'): string {
  if (!architecture.endsWith('.arch.ts'))
    throw new InputError(
      `${architecture} is not named like an architecture file, NAME.arch.ts: give one, or say with --output where its module goes`,
    );
  return architecture.replace(/\.arch\.ts$/, `.dual.${language}`);
}
