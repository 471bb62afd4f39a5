/** A finished function → the lines that the template prints. */
import type { GivenName } from '../shared/expression.ts';
import type { FinishedFunction, TurnName } from './functions/finish-functions.ts';
import { knownType } from './known-values.ts';
import type { ExpressionPrinter } from './print-expression.ts';
import { type Code, code, identifier } from './safe-text.ts';
import { givens } from './section-names.ts';
import type { FunctionView } from './view-model.ts';
import { printStatements } from './wrap-expression.ts';
import { wrapList } from './wrap-list.ts';

const typesOfGivens: { readonly [Given in GivenName]: Code | null } = {
  /** Its program's own. */
  r: null,
  p: code`NetworkParams`,
  x: code`tf.Tensor`,
  labels: code`tf.Tensor1D`,
  epsilon: code`number`,
  batch: code`number`,
  key: code`RandomKey`,
};

export const typeOfGiven = (given: GivenName, program: string): Code => typesOfGivens[given] ?? knownType(program);

export interface FunctionViewOptions {
  readonly doc: readonly Code[];
  readonly printer: ExpressionPrinter;
  readonly types: boolean;
  /** Whether another function says the type of what this one returns. */
  readonly isTypeNamed: boolean;
}

const typeOfTurn: Readonly<Record<TurnName, Code>> = { start: code`number`, indices: code`tf.Tensor1D` };

export function buildFunctionView(
  { program, names, given, turn, parameters, body }: FinishedFunction,
  { doc, printer, types, isTypeNamed }: FunctionViewOptions,
): FunctionView {
  const list = [
    ...givens.filter(each => given.has(each)).map(each => [identifier(each), typeOfGiven(each, program)] as const),
    ...turn.map(of => [identifier(of), typeOfTurn[of]] as const),
    ...parameters.list.map(({ name, type }) => [name, type] as const),
  ].map(([name, type]) => (types ? code`${name}: ${type}` : name));
  return {
    doc,
    name: names.name,
    head: wrapList(code`function ${names.name}(`, list, code`) {`),
    lines: printStatements(body, code`    `, printer),
    record: isTypeNamed ? names.typeName : code``,
  };
}
