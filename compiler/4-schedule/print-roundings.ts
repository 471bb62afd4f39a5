/** The roundings of a plan as text: a line for each layer, what it rounds forward, backward, and how many duals it adds up. */
import type { Arithmetic } from './plan.ts';

export function printRoundings(arithmetic: Arithmetic): string {
  if (arithmetic.kind === 'real') return 'real numbers: nothing is rounded\n';
  const lines = [...arithmetic.roundings].map(
    ([layer, { forward, products, backward, readers }]) =>
      `  ${layer.padEnd(12)} forward ${forward}, ${products} of them with a product; backward ${backward}; readers ${readers}`,
  );
  return `float32, most roundings of one term\n${lines.join('\n')}\n`;
}
