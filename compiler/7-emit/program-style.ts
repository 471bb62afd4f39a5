/** How the functions and records of each program are called, and what their comments say. */
import type { LayerGraph } from '../2-graph/layer.ts';
import type { Plan } from '../4-schedule/plan.ts';
import { printStrategy } from '../4-schedule/plan.ts';
import { printSpan } from '../shared/span.ts';
import { capitalized, safeIdentifier } from './safe-identifier.ts';

export interface ProgramStyle {
  /** Prefix that keeps functions of one program apart from those of another. */
  readonly prefix: string;
  readonly plan: Plan | null;
}

const gradientMark = 'gradient:';
export const isGradient = (section: string): boolean => section.startsWith(gradientMark);
export const forwardOf = (section: string): string => section.replace(gradientMark, '');

/** The record that a section's function returns, in the functions that read it. */
export function recordName(section: string): string {
  if (isGradient(section)) return `${recordName(forwardOf(section))}Gradient`;
  const record = { margins: 'certificate', forward: 'network' }[section];
  return record ?? safeIdentifier(section.replace(/^bounds:/, ''));
}

export function functionName(section: string, { prefix }: ProgramStyle): string {
  const name = plainName(section);
  return prefix === '' ? name : prefix + capitalized(name);
}

function plainName(section: string): string {
  if (isGradient(section)) return `gradientOf${capitalized(recordName(forwardOf(section)))}`;
  if (section.startsWith('bounds:')) return `boundsOf${capitalized(recordName(section))}`;
  return (
    { ball: 'ballAround', margins: 'certifiedMargins', loss: 'meanLoss', forward: 'forwardPass' }[section] ??
    recordName(section)
  );
}

/** The comment above a section's function. */
export function docOf(section: string, graph: LayerGraph, style: ProgramStyle): string[] {
  if (isGradient(section))
    return [
      `The adjoint of \`${functionName(forwardOf(section), style)}\`: from the gradients for its results to those for its operands.`,
    ];
  if (section.startsWith('bounds:')) {
    const name = section.slice('bounds:'.length);
    const layer = graph.layers.find(other => other.id === name);
    const place = layer === undefined ? '' : ` (${printSpan(layer.span)})`;
    const choice = style.plan?.choices.find(other => other.bound === name);
    const strategy = choice === undefined ? '' : ` ${capitalized(printStrategy(choice.strategy))}.`;
    return [
      `Bounds of the input of ${name}${place}, \`[batch, ${layer?.shape.join(', ')}]\`, and its band.${strategy}`,
    ];
  }
  if (section === 'ball') return [ballDoc(graph)];
  if (section === 'margins') return marginsDoc(style);
  if (section === 'loss')
    return [
      'Cross entropy of the scores against the labels, averaged over the batch, and the share of wrong examples.',
    ];
  return ['The network itself.'];
}

function ballDoc({ ball }: LayerGraph): string {
  if (ball.norm === 'l2') return 'The l2 ball of radius epsilon around `x`.';
  const box = ball.box === null ? '' : `, cut to the box [${ball.box.join(', ')}]`;
  return `Centre and radius of the l-infinity ball around \`x\`${box}.`;
}

function marginsDoc(style: ProgramStyle): string[] {
  const choice = style.plan?.choices.find(other => other.bound === 'margins');
  const how =
    choice?.strategy.kind === 'interval'
      ? ' from the intervals of the last nonlinearities'
      : ', rows walking back to the input';
  return [`Lower bounds of \`f_label - f_class\` over the ball, \`[batch, classes]\`${how}.`];
}
