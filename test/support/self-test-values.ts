/** The values that the self-test of the backends expects, computed by the reference interpreter. */
import { createBuilder } from '../../compiler/5-program/builder.ts';
import { interpret } from '../../compiler/5-program/interpret.ts';
import { selfTestCases } from '../../runtime/backend/self-test-plan.ts';

/** Entries by case, with 9 significant digits; one number where all entries are the same. */
export function computeSelfTestValues(): Record<string, number[]> {
  return Object.fromEntries(
    selfTestCases.map(({ name, op, operands }) => {
      const b = createBuilder();
      const params: Record<string, Float64Array> = {};
      const args = operands.map(({ shape, entry }, index) => {
        const count = shape.reduce((product, size) => product * size, 1);
        params[`operand${index}`] = Float64Array.from({ length: count }, (_, i) => entry(i));
        return b.append({ kind: 'param', name: `operand${index}`, shape });
      });
      const program = b.finish(name, { result: b.append(op, args) });
      const { result } = interpret(program, { batchSize: 1, inputs: {}, params });
      const entries = Array.from(result?.data ?? [], entry => Number(entry.toPrecision(9)));
      return [name, new Set(entries).size === 1 ? entries.slice(0, 1) : entries];
    }),
  );
}
