/** Compiles once and writes what changed; nothing is written when the architecture has errors. */
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { InputError } from '../../runtime/errors.ts';
import { declarationsOf } from '../7-emit/declarations.ts';
import { compileArchitecture } from '../compile.ts';
import { ArchitectureError } from '../diagnostics/architecture-error.ts';
import { diagnosticsToJson } from '../diagnostics/to-json.ts';
import type { CompileOptions } from '../options.ts';
import { type RecordingTrace, recordingTrace } from '../shared/trace.ts';
import { say } from './say.ts';
import { sayDiagnostics } from './say-diagnostics.ts';

export interface CompileRequest {
  readonly architecture: string;
  readonly output: string | undefined;
  readonly language: 'ts' | 'js';
  readonly schedule: Partial<CompileOptions>;
  readonly command: string;
  readonly check: boolean;
  readonly dump: string | undefined;
  readonly print: string | undefined;
  readonly json: boolean;
}

/** False when the architecture has errors, or when `check` found a stale file. */
export async function compileToFiles(request: CompileRequest): Promise<boolean> {
  const trace = recordingTrace();
  const result = compileOrReport(request, trace);
  if (result === null) return false;
  if (request.print !== undefined) {
    process.stdout.write(printed(trace, request.print));
    return true;
  }
  const output = request.output ?? defaultOutput(request.architecture, request.language);
  const files = new Map([[output, result.code]]);
  if (request.language === 'js') files.set(output.replace(/\.js$/, '.d.ts'), declarationsOf(result.meta));
  const stale = await staleFiles(files);
  if (request.json)
    process.stdout.write(
      `${JSON.stringify({ schema: 1, files: [...files.keys()], changed: stale, warnings: result.warnings })}\n`,
    );
  else sayDiagnostics(result.warnings);
  if (request.check) {
    for (const file of stale) say(`${file} is out of date: run ${request.command}`);
    return stale.length === 0;
  }
  for (const file of stale) await writeText(file, files.get(file) ?? '');
  if (request.dump !== undefined) await writeDump(request.dump, trace);
  for (const file of files.keys()) say(stale.includes(file) ? `wrote ${file}` : `${file} is up to date`);
  return true;
}

function compileOrReport(request: CompileRequest, trace: RecordingTrace) {
  try {
    return compileArchitecture(
      request.architecture,
      { ...request.schedule, language: request.language, command: request.command },
      trace,
    );
  } catch (error) {
    if (!(error instanceof ArchitectureError)) throw error;
    if (request.json) process.stdout.write(`${diagnosticsToJson(error.diagnostics)}\n`);
    else sayDiagnostics(error.diagnostics);
    return null;
  }
}

export function defaultOutput(architecture: string, language: 'ts' | 'js'): string {
  if (!architecture.endsWith('.arch.ts'))
    throw new InputError(`${architecture} is not named NAME.arch.ts: say where to write with --output`);
  return architecture.replace(/\.arch\.ts$/, `.dual.${language}`);
}

async function staleFiles(files: ReadonlyMap<string, string>): Promise<string[]> {
  const stale: string[] = [];
  for (const [file, text] of files) if (!existsSync(file) || (await readFile(file, 'utf8')) !== text) stale.push(file);
  return stale;
}

async function writeText(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFileAtomic(file, text);
  } catch (error) {
    throw new InputError(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Every form under its name, and which passes changed their program. */
async function writeDump(folder: string, trace: RecordingTrace): Promise<void> {
  for (const [name, text] of trace.snapshots) await writeText(join(folder, name), text);
  for (const line of changes(trace)) say(line);
}

function changes({ snapshots }: RecordingTrace): string[] {
  const lastOf = new Map<string, string>();
  return [...snapshots].map(([name, text]) => {
    const program = /^[56]\d-([A-Za-z]+)/.exec(name)?.[1] ?? name;
    const changed = lastOf.get(program) !== text;
    lastOf.set(program, text);
    return `${changed ? '*' : ' '} ${name}`;
  });
}

function printed(trace: RecordingTrace, stage: string): string {
  const prefix = { graph: '20-', dual: '30-', plan: '40-', program: '6', module: '80-' }[stage];
  if (prefix === undefined) throw new InputError(`--print takes graph, dual, plan, program or module, not ${stage}`);
  const chosen = [...trace.snapshots].filter(
    ([name]) => name.startsWith(prefix) && (stage !== 'program' || name.endsWith('dead-code.txt')),
  );
  return chosen.map(([name, text]) => (chosen.length > 1 ? `; ${name}\n${text}\n` : text)).join('');
}
