/** The names that every architecture file knows without an import, and those that TypeScript knows and a static reader cannot. */
import { diagnose } from '../../diagnostics/catalog.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { SourceSpan } from '../../shared/span.ts';
import {
  type Argument,
  type BuiltinValue,
  describe,
  isObject,
  isUnknown,
  list,
  type NamespaceValue,
  unknown,
  type Value,
} from '../value.ts';
import { callValue } from './call-value.ts';
import { drawList } from './iterate.ts';
import { type Machine, work } from './machine.ts';
import { finite } from './operators.ts';
import { innerScope, type Scope } from './scope.ts';

export function globalScope(machine: Machine): Scope {
  const scope = innerScope(null);
  const globals: Record<string, Value> = {
    undefined: undefined,
    Math: mathNamespace(machine),
    Array: { kind: 'namespace', name: 'Array', members: new Map([['from', arrayFrom(machine)]]) },
  };
  for (const [name, value] of Object.entries(globals))
    scope.bindings.set(name, { value, ready: true, constant: true, span: null });
  return scope;
}

const mathFunctions: Readonly<Record<string, (...values: number[]) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  log2: Math.log2,
  max: Math.max,
  min: Math.min,
  pow: Math.pow,
  round: Math.round,
  sign: Math.sign,
  sqrt: Math.sqrt,
  trunc: Math.trunc,
};

function mathNamespace(machine: Machine): NamespaceValue {
  const functions = Object.entries(mathFunctions).map(([name, compute]): [string, Value] => [
    name,
    mathFunction(machine, name, compute),
  ]);
  return {
    kind: 'namespace',
    name: 'Math',
    members: new Map<string, Value>([...functions, ['PI', Math.PI], ['E', Math.E]]),
  };
}

function mathFunction(machine: Machine, name: string, compute: (...values: number[]) => number): BuiltinValue {
  const call = (parameters: readonly Argument[], span: SourceSpan): Value => {
    const numbers: number[] = [];
    for (const { value, span: place } of parameters) {
      if (isUnknown(value)) return unknown;
      if (typeof value !== 'number') return refuse(machine, `an argument of Math.${name}`, 'a number', value, place);
      numbers.push(value);
    }
    return finite(machine, compute(...numbers), `Math.${name}(${numbers.join(', ')})`, span);
  };
  return { kind: 'builtin', name: `Math.${name}()`, call };
}

/** `Array.from(list, f?)` and `Array.from({ length: n }, (_, index) => …)`. */
function arrayFrom(machine: Machine): BuiltinValue {
  const call = ([source, mapping]: readonly Argument[], span: SourceSpan): Value => {
    const items = source === undefined ? null : itemsOf(source.value);
    if (isUnknown(source?.value) || isUnknown(mapping?.value)) return unknown;
    if (items === null)
      return refuse(
        machine,
        'the argument of Array.from',
        'a list or { length: n }',
        source?.value,
        source?.span ?? span,
      );
    work(machine, span, items.length);
    const copy = Array.from(items);
    if (mapping === undefined) return list(copy);
    return list(
      copy.map((value, index) =>
        callValue(
          machine,
          mapping.value,
          [value, index].map(one => ({ value: one, span })),
          mapping.span,
        ),
      ),
    );
  };
  return { kind: 'builtin', name: 'Array.from()', call };
}

function itemsOf(source: Value): ArrayLike<Value> | null {
  const drawn = drawList(source, null);
  if (drawn !== null) return drawn.items;
  const length = isObject(source) ? source.properties.get('length')?.value : undefined;
  return typeof length === 'number' && Number.isInteger(length) && length >= 0 ? { length } : null;
}

function refuse(machine: Machine, what: string, expected: string, found: Value, span: SourceSpan): Value {
  machine.reporter.report(diagnose('wrong-type', { what, expected, found: describe(found), hint: '' }, span));
  return unknown;
}

const knownAtRunTime: readonly string[] = [
  'process',
  'globalThis',
  'window',
  'document',
  'console',
  'Date',
  'require',
  'fetch',
  'performance',
  'crypto',
  'setTimeout',
  'setInterval',
  'Promise',
  'eval',
  'Function',
  'navigator',
  'Buffer',
  'Deno',
  'Bun',
  '__dirname',
  '__filename',
  'module',
  'exports',
];
const otherGlobals: readonly string[] = [
  'Number',
  'String',
  'Boolean',
  'JSON',
  'Object',
  'Symbol',
  'Map',
  'Set',
  'parseInt',
  'parseFloat',
  'isNaN',
  'isFinite',
  'Infinity',
  'NaN',
  'BigInt',
  'RegExp',
  'Error',
  'Reflect',
  'Proxy',
  'Float32Array',
  'Float64Array',
  'Int32Array',
  'Uint8Array',
  'structuredClone',
];

/** What to say of a global of TypeScript that cannot be read, or null when the name is none. */
export function hiddenGlobal(name: string, span: SourceSpan): Diagnostic | null {
  if (knownAtRunTime.includes(name)) {
    return diagnose(
      'non-static-expression',
      { expression: `\`${name}\``, why: 'is only known when the file runs' },
      span,
    );
  }
  if (!otherGlobals.includes(name)) return null;
  return diagnose(
    'unsupported-construct',
    { construct: `the global \`${name}\``, instead: 'use literals, Math, and functions of your own' },
    span,
  );
}
