/** A tree of JavaScript on one line. Texts become literals here, and names are checked to be names. */
import { found } from '../shared/assert.ts';
import type { Expression, Operator } from '../shared/expression.ts';
import type { RuntimeSymbol } from '../shared/runtime-symbols.ts';
import { mapExpression, mapStatement } from './functions/map-tree.ts';
import { type Code, code, identifier, joined, printAccess, printKey, printNumber, quoted } from './safe-text.ts';

export interface ExpressionPrinter {
  /** Notes that the module needs the symbol, and gives its name. */
  readonly runtime: (symbol: RuntimeSymbol) => Code;
}

/** Null when it does not go on one line: functions of several statements do not. */
export function printExpression(expression: Expression, printer: ExpressionPrinter): Code | null {
  switch (expression.kind) {
    case 'number':
      return printNumber(expression.value);
    case 'word':
      return expression.value === null ? code`null` : expression.value ? code`true` : code`false`;
    case 'text':
      return quoted(expression.value);
    case 'name':
    case 'given':
      return identifier(expression.name);
    case 'runtime':
      return printer.runtime(expression.symbol);
    case 'member':
      return around(expression.object, printer, object => code`${object}.${identifier(expression.name)}`);
    case 'entry':
      return around(expression.object, printer, object =>
        expression.key.kind === 'text'
          ? code`${object}${printAccess(expression.key.value)}`
          : around(expression.key, printer, key => code`${object}[${key}]`),
      );
    case 'call':
      return around(expression.callee, printer, callee => listed(code`${callee}(`, expression.args, code`)`, printer));
    case 'array':
      return listed(code`[`, expression.items, code`]`, printer);
    case 'object': {
      const fields = expression.fields.map(([key, value]) => {
        const head = fieldKey(key, value);
        return around(value, printer, printed => (head === null ? printed : code`${head} ${printed}`));
      });
      if (fields.length === 0) return code`{}`;
      return allPrinted(fields, parts => code`{ ${joined(parts, ', ')} }`);
    }
    case 'binary': {
      const [left, right] = operandsOf(expression, printer);
      return left === null || right === null ? null : code`${left} ${operators[expression.operator]} ${right}`;
    }
    case 'function':
      return expression.body.length > 0
        ? null
        : around(expression.result, printer, result => code`${printParameters(expression)} => ${result}`);
  }
}

/** What goes on one line for sure. @throws InternalError when it does not */
export const onOneLine = (expression: Expression, printer: ExpressionPrinter): Code =>
  found(printExpression(expression, printer) ?? undefined, `the ${expression.kind} on one line`);

/** The key of a field with its colon; null when the value is the name that the field has. */
export const fieldKey = (key: string, value: Expression): Code | null =>
  value.kind === 'name' && value.name === key ? null : code`${printKey(key)}:`;

/** Parentheses around all but one parameter. */
export const printParameters = (lambda: LambdaExpression): Code => {
  const parameters = lambda.parameters.filter(parameter => reads(lambda, parameter)).map(identifier);
  const [only, ...others] = parameters;
  return only !== undefined && others.length === 0 ? only : code`(${joined(parameters, ', ')})`;
};

export const operators: { readonly [Each in Operator]: Code } = {
  '+': code`+`,
  '-': code`-`,
  '*': code`*`,
  '/': code`/`,
};

const precedence: { readonly [Each in Operator]: number } = { '+': 1, '-': 1, '*': 2, '/': 2 };

type Binary = Extract<Expression, { readonly kind: 'binary' }>;

/** Both operands, in parentheses where the order of operations asks for them. */
export function operandsOf(
  { operator, left, right }: Binary,
  printer: ExpressionPrinter,
): readonly [Code | null, Code | null] {
  const own = precedence[operator];
  const inside = (operand: Expression, needsParentheses: (other: number) => boolean): Code | null =>
    around(operand, printer, printed =>
      operand.kind === 'binary' && needsParentheses(precedence[operand.operator]) ? code`(${printed})` : printed,
    );
  return [inside(left, other => other < own), inside(right, other => other <= own)];
}

function listed(open: Code, items: readonly Expression[], close: Code, printer: ExpressionPrinter): Code | null {
  const printed = items.map(item => printExpression(item, printer));
  return allPrinted(printed, parts => code`${open}${joined(parts, ', ')}${close}`);
}

const around = (inner: Expression, printer: ExpressionPrinter, build: (printed: Code) => Code | null): Code | null => {
  const printed = printExpression(inner, printer);
  return printed === null ? null : build(printed);
};

function allPrinted(parts: readonly (Code | null)[], build: (parts: readonly Code[]) => Code): Code | null {
  const printed = parts.filter(part => part !== null);
  return printed.length === parts.length ? build(printed) : null;
}

export type LambdaExpression = Extract<Expression, { kind: 'function' }>;

/** Whether its body names a parameter: one that nobody reads is not written. */
function reads({ body, result }: LambdaExpression, parameter: string): boolean {
  let found = false;
  const visit = (expression: Expression): null => {
    if (expression.kind === 'name' && expression.name === parameter) found = true;
    return null;
  };
  for (const statement of body) mapStatement(statement, visit);
  mapExpression(result, visit);
  return found;
}
