/** A section of a program, or an outlined part → its tree: statements with comments, what it frees, what it returns. */
import { expressionOf, isNumber, isSource, isTuple, sourceForm } from '../../5-program/op-table.ts';
import { blockOf, freeValues } from '../../5-program/operands.ts';
import type { Instr } from '../../5-program/tensor-program.ts';
import type { Liveness } from '../../6-passes/liveness.ts';
import type { Statement } from '../../6-passes/statements.ts';
import { found, InternalError } from '../../shared/assert.ts';
import {
  array,
  call,
  type Expression,
  lambda,
  member,
  name,
  type Statement as PrintedStatement,
  tensorCall,
} from '../../shared/expression.ts';
import { type ValueId, valueId } from '../../shared/ids.ts';
import { shortFloat32 } from '../../shared/short-float32.ts';
import type { Geometries } from './layer-geometry.ts';
import { mapExpression } from './map-tree.ts';
import { fieldName, groupName, localName, marked, outsideName, type UnitTree } from './unit.ts';

export interface UnitInput {
  readonly program: string;
  readonly name: string;
  readonly kind: UnitTree['kind'];
  readonly statements: readonly Statement[];
  readonly results: readonly ValueId[];
}

/** A call of the function with that number; values from outside of the part stand in the arguments. */
export interface PartCall {
  readonly group: number;
  readonly args: readonly Expression[];
}

export interface UnitContext {
  readonly plan: Liveness;
  readonly definitions: ReadonlyMap<ValueId, Instr>;
  readonly geometries: Geometries;
  /** The function that an outlined instruction calls, and with what. */
  readonly callOf: (outlined: ValueId) => PartCall;
}

export function printUnit(
  { program, name: title, kind, statements, results }: UnitInput,
  context: UnitContext,
): UnitTree {
  const { plan, definitions } = context;
  const locals: Instr[] = [];
  const numberOf = new Map<ValueId, number>();
  /** Values computed so far that are numbers of JavaScript, not tensors. */
  const numbers = new Set<ValueId>();
  const body = statementsOf(statements, new Set([...results, ...readByParts(statements)]));
  return {
    program,
    name: title,
    kind,
    body,
    locals,
    results: results.map(value => found(numberOf.get(value), `%${value}, which is returned`)),
    returned: results.map(reference),
    definitions,
  };

  function reference(value: ValueId): Expression {
    const instr = found(definitions.get(value), `%${value}`);
    if (isSource(instr.op)) return sourceExpression(instr);
    const local = numberOf.get(value);
    if (local === undefined) return name(outsideName(value));
    return itemOfPart(instr) ?? name(localName(local));
  }

  /** A result of an outlined part is read from what its call returned. */
  function itemOfPart({ op, args }: Instr): Expression | null {
    if (op.kind !== 'item') return null;
    const part = found(definitions.get(found(args[0], 'what an item is of')), 'what an item is of');
    if (part.op.kind !== 'outlined') return null;
    return member(reference(part.out), fieldName(op.index));
  }

  /** `kept` are read by other functions, or returned by a block. */
  function statementsOf(body: readonly Statement[], kept: ReadonlySet<ValueId>): PrintedStatement[] {
    const printed: PrintedStatement[] = [];
    let place = '';
    for (const statement of body) {
      const { root } = statement;
      const local = locals.push(root) - 1;
      const isItem = itemOfPart(root) !== null;
      const here = isItem ? place : placeKey(root);
      if (here !== place) {
        if (root.origin.layer !== null) printed.push({ kind: 'comment', text: localName(local) });
        else if (printed.length > 0) printed.push({ kind: 'blank' });
        place = here;
      }
      // Before it has a name: no statement reads itself, but a loop has locals of its own.
      const value = isItem ? null : statementValue(statement, kept);
      numberOf.set(root.out, local);
      if (value !== null) {
        const comment = isTuple(root.op) ? '' : localName(local);
        printed.push({ kind: 'const', name: localName(local), value, comment });
      }
      const freed = (plan.freedAfter.get(root.out) ?? []).map(reference);
      if (freed.length > 0) printed.push({ kind: 'do', value: disposal(freed) });
    }
    return printed;
  }

  function statementValue(statement: Statement, kept: ReadonlySet<ValueId>): Expression {
    const { root } = statement;
    const value = asTensor(root, expressionFor(root, statement), kept);
    return plan.tidied.has(root.out) ? tensorCall('tidy', lambda([], [], value)) : value;
  }

  /** What a statement names must be a tensor of its own where it is freed, or read elsewhere. */
  function asTensor({ out }: Instr, { value, isOperand }: Computed, kept: ReadonlySet<ValueId>): Expression {
    if (isOperand) return tensorCall('clone', value);
    if (!numbers.has(out) || !kept.has(out)) return value;
    numbers.delete(out);
    return tensorCall('scalar', value);
  }

  function expressionFor(instr: Instr, statement: Statement): Computed {
    const operands = instr.args.map(value => {
      const inner = statement.inlined.find(({ out }) => out === value);
      return inner === undefined ? reference(value) : expressionFor(inner, statement).value;
    });
    const areNumbers = instr.args.map(isNumberHere);
    const isOfNumbers = isNumber(instr.op, areNumbers.every(Boolean));
    if (isOfNumbers) numbers.add(instr.out);
    const printed = expressionOf(instr.op, isOfNumbers ? operands : operands.map(asFloat32), {
      shape: instr.shape,
      isNumber: operand => areNumbers[operand] ?? false,
      block: (by, returned) => blockExpression(instr, by, returned),
    });
    const value = context.geometries.named(instr, printed);
    return { value, isOperand: operands.includes(value) };
  }

  function isNumberHere(value: ValueId): boolean {
    return numbers.has(value) || sourceForm(found(definitions.get(value), `%${value}`).op) === 'number';
  }

  function blockExpression(
    { op, out }: Instr,
    by: string,
    returned: (results: readonly Expression[]) => Expression,
  ): Expression {
    const block = found(blockOf(op) ?? undefined, 'the block of a loop');
    if (op.kind === 'outlined') {
      const { group, args } = context.callOf(out);
      return call(
        name(groupName(group)),
        args.map(arg => {
          const value = arg.kind === 'name' ? marked('%', arg.name) : null;
          const isLent = value !== null && op.lent.includes(valueId(value));
          const own = withOutside(arg, reference);
          return isLent ? tensorCall('clone', own) : own;
        }),
      );
    }
    const body = found(plan.blockStatements.get(out), 'the body of a loop');
    const inner = statementsOf(body, new Set([...block.results, ...readByParts(body)]));
    return lambda([by], inner, returned(block.results.map(reference)));
  }
}

/** Beside a tensor a number is taken as float32. */
const asFloat32 = (operand: Expression): Expression =>
  operand.kind === 'number' ? { kind: 'number', value: shortFloat32(operand.value) } : operand;

interface Computed {
  readonly value: Expression;
  /** Whether it is an operand as it was. */
  readonly isOperand: boolean;
}

/** How a source is written. */
export const sourceExpression = ({ op, shape }: Instr): Expression =>
  expressionOf(op, [], {
    shape,
    isNumber: () => false,
    block: () => {
      throw new InternalError('a source has no block');
    },
  });

const withOutside = (expression: Expression, reference: (value: ValueId) => Expression): Expression =>
  mapExpression(expression, part => {
    const value = part.kind === 'name' ? marked('%', part.name) : null;
    return value === null ? null : reference(valueId(value));
  });

const readByParts = (statements: readonly Statement[]): ValueId[] =>
  statements.flatMap(({ root: { op } }) => (op.kind === 'outlined' ? freeValues(op.block) : []));

const disposal = (values: readonly Expression[]): Expression => {
  const [only, ...others] = values;
  return tensorCall('dispose', only !== undefined && others.length === 0 ? only : array(values));
};

/** Statements of one place stand together under one comment. */
const placeKey = ({ origin }: Instr): string => (origin.layer === null ? '' : `layer ${origin.layer}`);
