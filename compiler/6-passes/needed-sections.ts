/** The part of a plan that some outputs of its program need: what is run when nothing else is asked for. */
import type { ValueId } from '../shared/ids.ts';
import type { Liveness } from './liveness.ts';

/** The same plan with fewer sections. */
export function neededSections(plan: Liveness, outputs: readonly ValueId[]): Liveness {
  const needed = new Set(outputs);
  const sections = plan.split.sections
    .toReversed()
    .filter(section => {
      if (!section.exports.some(value => needed.has(value))) return false;
      for (const value of section.imports) needed.add(value);
      return true;
    })
    .toReversed();
  const kept = new Set(sections.map(({ name }) => name));
  // What the last of all readers freed may be read by none of those that are left.
  const freedAfterSection = new Map(plan.freedAfterSection);
  for (const { name } of plan.split.sections) if (!kept.has(name)) freedAfterSection.delete(name);
  return { ...plan, split: { ...plan.split, sections }, freedAfterSection };
}
