/** A plan as text: each bound with its strategy, its cost, the reason, and what was not taken. */
import { type Choice, type Cost, type Plan, printStrategy } from './plan.ts';

export function printPlan(plan: Plan): string {
  return `to ${plan.purpose}\n${plan.choices.map(printChoice).join('\n')}\n`;
}

function printChoice(choice: Choice): string {
  const head = `  ${choice.bound.padEnd(12)} ${printStrategy(choice.strategy)} (${printCost(choice)}): ${choice.why}`;
  const others = choice.alternatives.map(
    other => `  ${''.padEnd(12)}   not ${printStrategy(other.strategy)} (${printCost(other)}): ${other.why}`,
  );
  return [head, ...others].join('\n');
}

const printCost = ({ macs, milliseconds, bytesPerExample }: Cost): string =>
  `${withUnit(macs)}MAC, about ${printTime(milliseconds)}, ${withUnit(bytesPerExample)}B per example`;

/** A prediction: two digits of it, `0.85 ms`, `41 ms`. Whole seconds and more as seconds. */
export function printTime(milliseconds: number): string {
  const [value, unit] = milliseconds >= 999.5 ? [milliseconds / 1000, 's'] : [milliseconds, 'ms'];
  return `${value >= 99.5 ? Math.round(value) : Number(value.toPrecision(2))} ${unit}`;
}

/** `1.3 M`; below a thousand `12.5 `, so that a unit can follow. One decimal at most. */
export function withUnit(value: number): string {
  const units = ['', 'k', 'M', 'G'];
  let [scaled, index] = [value, 0];
  // What rounds to a thousand of a unit is shown as one of the next.
  while (Number(scaled.toFixed(1)) >= 1000 && index < units.length - 1) [scaled, index] = [scaled / 1000, index + 1];
  return `${index === 0 ? Number(scaled.toFixed(1)) : scaled.toFixed(1)} ${units[index]}`;
}
