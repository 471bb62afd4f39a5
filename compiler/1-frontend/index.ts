/** Reads an architecture file statically: nothing of it is executed. */
import { resolve } from 'node:path';
import { diagnose } from '../diagnostics/catalog.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import type { SourceSpan } from '../shared/span.ts';
import type { Settings } from './apply-settings.ts';
import type { ArchAst, LayerCall, NetworkCall } from './arch-ast.ts';
import { createMachine, type Limits, type Machine, usualLimits, WorkLimitReached } from './evaluate/machine.ts';
import type { Exports } from './evaluate-module.ts';
import { createModules, loadModule, shownPath } from './modules.ts';
import { normalizeText, type OpenedFile, openFile } from './open-file.ts';
import { describe, isUnknown } from './value.ts';

export type { ArchAst, LayerCall, NetworkCall } from './arch-ast.ts';

export interface ReadOptions {
  /** What `path` and the paths in messages are relative to; the working directory unless given. */
  readonly folder?: string;
  /** How files are opened; from disk unless given. */
  readonly open?: (path: string) => OpenedFile;
  readonly limits?: Limits;
  /** Constants of the file, not of those it imports, that get other values than are written there. */
  readonly settings?: Settings;
}

/**
 * Reads the file and the architecture files that it imports.
 * @param reporter gets every problem found. After an error the result holds what could be read, so that the next stage can look for more.
 * Throws `SettingError` for a setting that the file cannot take.
 * @returns undefined when the file cannot be opened or is not valid TypeScript
 */
export function readArchitecture(path: string, reporter: Reporter, options: ReadOptions = {}): ArchAst | undefined {
  const machine = createMachine(reporter, options.limits ?? usualLimits);
  const folder = resolve(options.folder ?? '.');
  const modules = createModules(machine, folder, options.open ?? openFile);
  const absolute = resolve(folder, path);
  const source = shownPath(modules, absolute);
  const opened = modules.open(absolute);
  if (opened.kind === 'missing') reporter.report(diagnose('file-not-found', { file: source }, null));
  if (opened.kind === 'unreadable')
    reporter.report(diagnose('file-unreadable', { file: source, reason: opened.reason }, null));
  if (opened.kind !== 'text') return undefined;
  const text = normalizeText(opened.text);
  const exported = withinLimits(machine, startOf(source, text), () =>
    loadModule(modules, absolute, text, options.settings),
  );
  if (exported === null) return undefined;
  const network = exported === 'stopped' ? null : networkOf(exported, machine, startOf(source, text));
  const calls = machine.calls.map((call): LayerCall => ({ ...call, boundTo: machine.boundTo.get(call.id) ?? null }));
  return { source, calls, network };
}

/** Runs the evaluation; `stopped` after a limit was reported. */
function withinLimits<T>(machine: Machine, start: SourceSpan, run: () => T): T | 'stopped' {
  try {
    return run();
  } catch (error) {
    if (error instanceof WorkLimitReached) return 'stopped';
    if (!(error instanceof RangeError)) throw error;
    // Expressions are evaluated recursively; the size of the stack decides how deep they may be nested.
    machine.reporter.report(
      diagnose('nested-too-deeply', { what: 'the file' }, machine.loop ?? machine.callers.at(-1) ?? start),
    );
    return 'stopped';
  }
}

function networkOf(exported: Exports, machine: Machine, start: SourceSpan): NetworkCall | null {
  const { value, span } = exported.get('default') ?? {};
  if (typeof value === 'object' && value?.kind === 'network') return value.network;
  if (isUnknown(value)) return null;
  const found = exported.has('default') ? describe(value) : null;
  machine.reporter.report(diagnose('no-network', { found }, span ?? start));
  return null;
}

/** The first line of a file, for problems of the whole. */
function startOf(file: string, text: string): SourceSpan {
  const firstLine = text.split('\n', 1)[0] ?? '';
  return { file, start: { line: 1, column: 1 }, end: { line: 1, column: firstLine.length + 1 } };
}
