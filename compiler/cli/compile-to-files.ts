/** Compiles once and writes what changed; nothing is written when the architecture has errors. */
import { counted } from '../../runtime/report/counted.ts';
import { printBytes } from '../../runtime/report/print-bytes.ts';
import type { Settings } from '../1-frontend/apply-settings.ts';
import type { ReadOptions } from '../1-frontend/index.ts';
import { declarationsOf } from '../7-emit/declarations.ts';
import { type CompileResult, compileArchitecture } from '../compile.ts';
import { ArchitectureError } from '../diagnostics/architecture-error.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { diagnosticsReport } from '../diagnostics/to-json.ts';
import { type CompileOptions, defaultOptions } from '../options.ts';
import { exportedNames } from '../programs.ts';
import { type RecordingTrace, recordingTrace, silentTrace } from '../shared/trace.ts';
import type { PrintedForm } from './compile-options.ts';
import { printForm, writeDump } from './dump-forms.ts';
import { outputFiles } from './output-files.ts';
import { say, sayResult, warn } from './say.ts';
import { sayDiagnostics } from './say-diagnostics.ts';
import { readModuleText, writeText } from './write-text.ts';

export interface CompileRequest {
  readonly architecture: string;
  readonly output: string | undefined;
  /** `--set`. */
  readonly settings?: Settings | undefined;
  readonly language: 'ts' | 'js';
  readonly schedule: Partial<CompileOptions>;
  /** For the header of the module: the command that makes it again. */
  readonly command: string;
  readonly check: boolean;
  readonly dump: string | undefined;
  readonly print: PrintedForm | undefined;
  readonly json: boolean;
  /** Whether `--memory` was given: without it the plan only aims at the default. */
  readonly memoryAsked?: boolean;
}

/** False when the architecture has errors, or when `check` found a stale file. */
export async function compileToFiles(request: CompileRequest, reading: ReadOptions = {}): Promise<boolean> {
  const { module, declarations } = outputFiles(request);
  const trace = recordingTrace();
  const result = await compileOrReport(request, trace, reading);
  if (result === null) return false;
  if (request.memoryAsked === true) warnOfMemory(result, request.schedule);
  if (request.print !== undefined) {
    sayDiagnostics(result.warnings);
    process.stdout.write(printForm(trace, request.print));
    return true;
  }
  const files = new Map([[module, result.code]]);
  if (declarations !== null) files.set(declarations, declarationsOf(result.meta, exportedNames));
  const stale = staleFiles(files);
  if (!request.check) for (const [file, text] of stale) await writeText(file, text);
  if (request.dump !== undefined) await writeDump(request.dump, trace);
  report(request, result.warnings, [...files.keys()], [...stale.keys()]);
  return !request.check || stale.size === 0;
}

/** A schedule takes the least memory it can when what it was given is not enough, and then more than that. */
function warnOfMemory({ meta }: CompileResult, schedule: Partial<CompileOptions>): void {
  const { memoryBytes, certifyBatch } = { ...defaultOptions, ...schedule };
  const needed = meta.certify.fixedBytes + certifyBatch * meta.certify.bytesPerExample;
  if (needed <= memoryBytes) return;
  warn(
    `to certify ${counted(certifyBatch, 'example')} at a time takes up to ${printBytes(needed)} of tensors, more than the ${printBytes(memoryBytes)} of --memory`,
  );
}

async function compileOrReport(
  request: CompileRequest,
  trace: RecordingTrace,
  reading: ReadOptions,
): Promise<CompileResult | null> {
  const { architecture, schedule, language, command, dump, print } = request;
  // To print every form of a deep network takes longer than to compile it.
  const watched = dump === undefined && print === undefined ? silentTrace : trace;
  try {
    return compileArchitecture(
      architecture,
      { ...schedule, language, command },
      watched,
      withSettings(reading, request.settings),
    );
  } catch (error) {
    if (error instanceof ArchitectureError) {
      report(request, error.diagnostics, [], []);
      return null;
    }
    // A verifier refused a form: the forms before it are what one wants to look at.
    if (dump !== undefined) await writeDump(dump, trace);
    throw error;
  }
}

const withSettings = (reading: ReadOptions, settings: Settings | undefined): ReadOptions =>
  settings === undefined ? reading : { ...reading, settings };

/** The files whose text on disk is another, with the text they should have. */
function staleFiles(files: ReadonlyMap<string, string>): Map<string, string> {
  const stale = new Map<string, string>();
  for (const [file, text] of files) if (readModuleText(file) !== text) stale.set(file, text);
  return stale;
}

/** To people on standard error, or as one object on standard output. */
function report(
  { json, check }: CompileRequest,
  diagnostics: readonly Diagnostic[],
  files: readonly string[],
  changed: readonly string[],
): void {
  if (json) process.stdout.write(`${JSON.stringify({ ...diagnosticsReport(diagnostics), files, changed })}\n`);
  else sayDiagnostics(diagnostics);
  for (const file of files) {
    if (!changed.includes(file)) say(`${file} is up to date`);
    else if (check) sayResult(`${file} is out of date: run the same command without --check`);
    else say(`wrote ${file}`);
  }
}
