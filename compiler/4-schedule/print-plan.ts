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

const printCost = (cost: Cost): string => `${withUnit(cost.macs)}MAC, ${withUnit(cost.bytesPerExample)}B per example`;

export function withUnit(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)} G`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} M`;
  return value >= 1e3 ? `${(value / 1e3).toFixed(1)} k` : `${value} `;
}
