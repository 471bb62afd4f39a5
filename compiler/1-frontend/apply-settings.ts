/** `--set k=4`: another value for a constant that an architecture file sets at its top level, as if it were written there. */
import type { Expression, ModuleSyntax } from './syntax/syntax.ts';

/** What is set, by name, as it was written. */
export type Settings = Readonly<Record<string, string>>;

/** A setting that the file does not have, or cannot take; the message says which would do. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

type Declared = Extract<ModuleSyntax['statements'][number], { kind: 'declare' }>;

/** The syntax with literals replaced. Throws `SettingError`. */
export function applySettings(syntax: ModuleSyntax, settings: Settings, file: string): ModuleSyntax {
  const open = new Set(Object.keys(settings));
  if (open.size === 0) return syntax;
  const literals: string[] = [];
  const others: string[] = [];
  const replaced = ({ target, value }: Declared['declarations'][number]): Declared['declarations'][number] => {
    if (target.kind !== 'name') return { target, value };
    const { name } = target;
    const now = value === null ? null : literalOf(value);
    (now === null ? others : literals).push(name);
    const asked = settings[name];
    if (!open.has(name) || asked === undefined || now === null || value === null) return { target, value };
    open.delete(name);
    return { target, value: { kind: 'literal', value: read(name, asked, now, file), span: value.span } };
  };
  const statements = syntax.statements.map(statement =>
    statement.kind === 'declare' && statement.constant
      ? { ...statement, declarations: statement.declarations.map(replaced) }
      : statement,
  );
  for (const name of open) throw new SettingError(refusal(name, file, literals, others));
  return { ...syntax, statements };
}

/** What is written as a number, a text, or true or false; null for all else. */
function literalOf(value: Expression): number | string | boolean | null {
  if (value.kind === 'literal') return value.value;
  if (value.kind !== 'unary' || value.operator !== '-' || value.operand.kind !== 'literal') return null;
  return typeof value.operand.value === 'number' ? -value.operand.value : null;
}

function read(name: string, asked: string, now: number | string | boolean, file: string): number | string | boolean {
  if (typeof now === 'string') return asked;
  if (typeof now === 'boolean') {
    if (asked === 'true' || asked === 'false') return asked === 'true';
    throw new SettingError(`--set ${name}=${asked}: in ${file} it is ${now}, so true or false is needed`);
  }
  const value = asked.trim() === '' ? Number.NaN : Number(asked);
  if (Number.isFinite(value)) return value;
  throw new SettingError(`--set ${name}=${asked}: in ${file} it is ${now}, so a number is needed`);
}

function refusal(name: string, file: string, literals: readonly string[], others: readonly string[]): string {
  const have = literals.length === 0 ? 'it has none that can be' : `those that can be are ${literals.join(', ')}`;
  return others.includes(name)
    ? `--set ${name}: ${file} computes ${name}; only constants that are written as a number, a text, or true or false can be set, and ${have}`
    : `--set ${name}: ${file} has no such constant at its top level; ${have}`;
}
