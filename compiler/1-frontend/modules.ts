/** Architecture files and their imports of one another. Each file is evaluated once, after those that it imports. */
import { dirname, relative, resolve, sep } from 'node:path';
import { diagnose } from '../diagnostics/catalog.ts';
import type { SourceSpan } from '../shared/span.ts';
import { applySettings, type Settings } from './apply-settings.ts';
import { vocabularyModule } from './builtins.ts';
import { globalScope } from './evaluate/globals.ts';
import { hoist } from './evaluate/hoist.ts';
import type { Machine } from './evaluate/machine.ts';
import { innerScope, type Scope } from './evaluate/scope.ts';
import { type ExportedValue, type Exports, evaluateModule } from './evaluate-module.ts';
import { type OpenedFile, openFile } from './open-file.ts';
import { readModule } from './syntax/read-module.ts';
import type { ModuleLink, ModuleSyntax } from './syntax/syntax.ts';
import { unknown, type Value } from './value.ts';
import { vocabularyTypes } from './vocabulary.ts';

export interface Modules {
  readonly machine: Machine;
  /** What shown paths are relative to. */
  readonly folder: string;
  readonly open: (path: string) => OpenedFile;
  /** By absolute path; null when the file has errors that hide what it exports. */
  readonly loaded: Map<string, Exports | null>;
  /** Paths of the files being loaded, outermost first. */
  readonly loading: string[];
  readonly vocabulary: Exports;
}

export function createModules(
  machine: Machine,
  folder: string,
  open: (path: string) => OpenedFile = openFile,
): Modules {
  return { machine, folder, open, loaded: new Map(), loading: [], vocabulary: vocabularyModule(machine) };
}

/** A path as people see it: relative to the working directory, with forward slashes. */
export function shownPath(modules: Modules, path: string): string {
  return relative(modules.folder, path).replaceAll(sep, '/') || '.';
}

/** Loads the text of one file. Null after errors in it. */
export function loadModule(modules: Modules, path: string, text: string, settings: Settings = {}): Exports | null {
  const shown = shownPath(modules, path);
  const syntax = readModule(shown, text, modules.machine.reporter);
  const exported = syntax === undefined ? null : linkAndEvaluate(modules, path, applySettings(syntax, settings, shown));
  modules.loaded.set(path, exported);
  return exported;
}

function linkAndEvaluate(modules: Modules, path: string, syntax: ModuleSyntax): Exports {
  const { machine } = modules;
  modules.loading.push(path);
  const scope = innerScope(globalScope(machine));
  for (const link of syntax.imports) {
    const exported = follow(modules, path, link);
    for (const { imported, local, span } of link.names) {
      if (link.specifier === 'dualc' && vocabularyTypes.includes(imported)) continue;
      importName(machine, scope, local, span, pick(modules, link, exported, imported, span));
    }
  }
  const reexports = new Map<string, ExportedValue>();
  for (const link of syntax.reexports) {
    const exported = follow(modules, path, link);
    for (const { imported, local, span } of link.names) {
      if (local !== '*') reexports.set(local, { value: pick(modules, link, exported, imported, span), span });
      else for (const [name, value] of exported ?? []) if (name !== 'default') reexports.set(name, value);
    }
  }
  const inImport = machine.inImport;
  machine.inImport = modules.loading.length > 1;
  const exports = evaluateModule(machine, scope, syntax, reexports);
  machine.inImport = inImport;
  modules.loading.pop();
  return exports;
}

function importName(machine: Machine, scope: Scope, local: string, span: SourceSpan, value: Value): void {
  const target = { kind: 'name' as const, name: local, span };
  hoist(machine, scope, [{ kind: 'declare', constant: true, declarations: [{ target, value: null }], span }]);
  const binding = scope.bindings.get(local);
  if (binding === undefined || binding.ready) return;
  binding.value = value;
  binding.ready = true;
}

/** What a file exports under a name; unknown after reporting that it exports no such name. */
function pick(modules: Modules, link: ModuleLink, exported: Exports | null, name: string, span: SourceSpan): Value {
  const { reporter } = modules.machine;
  if (exported === null) return unknown;
  if (name === '*') return namespaceOf(link.specifier, exported);
  const found = exported.get(name);
  if (found !== undefined) return found.value;
  const known = [...exported.keys()];
  if (link.specifier === 'dualc') reporter.report(diagnose('unknown-layer', { name, known }, span));
  else reporter.report(diagnose('missing-export', { name, file: link.specifier, exported: known }, span));
  return unknown;
}

function namespaceOf(name: string, exported: Exports): Value {
  const members = [...exported].map(([member, { value }]): [string, Value] => [member, value]);
  return { kind: 'namespace', name, members: new Map(members) };
}

/** The exports of an imported file; null after an error, reported here or in the file. */
function follow(modules: Modules, importer: string, { specifier, specifierSpan: span }: ModuleLink): Exports | null {
  const { reporter } = modules.machine;
  if (specifier === 'dualc') return modules.vocabulary;
  if (!/^\.\.?\//.test(specifier)) {
    reporter.report(diagnose('import-not-static', { specifier }, span));
    return null;
  }
  const candidates = candidatePaths(resolve(dirname(importer), specifier));
  for (const path of candidates) {
    const loaded = modules.loaded.get(path);
    if (loaded !== undefined) return loaded;
    const start = modules.loading.indexOf(path);
    if (start >= 0) {
      const chain = [...modules.loading.slice(start), path].map(file => shownPath(modules, file));
      reporter.report(diagnose('import-cycle', { chain }, span));
      return null;
    }
    const opened = modules.open(path);
    if (opened.kind === 'text') return loadModule(modules, path, opened.text);
    if (opened.kind === 'unreadable') {
      reporter.report(diagnose('file-unreadable', { file: shownPath(modules, path), reason: opened.reason }, span));
      return null;
    }
  }
  const tried = candidates.map(path => shownPath(modules, path)).join(', ');
  reporter.report(diagnose('import-not-found', { specifier, tried }, span));
  return null;
}

/** TypeScript lets the ending be left out, or be that of the emitted file. */
function candidatePaths(path: string): readonly string[] {
  if (path.endsWith('.ts')) return [path];
  if (path.endsWith('.js')) return [`${path.slice(0, -3)}.ts`];
  return [`${path}.ts`, `${path}.arch.ts`];
}
