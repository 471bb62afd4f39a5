/**
 * From the graph that was written to the one that the stages behind it work on: the same numbers, to the last bit, in fewer layers.
 *
 * Not among the steps is folding `normalize` into the kernel that reads it. Kernels are known at run time only, so every call would
 * scale them anew, and with padding the bias cannot take the means. It would save one multiplication for each entry of rows that
 * arrive at the input; the convolution before it costs some hundreds for each.
 */
import { checkGraph } from '../check-graph.ts';
import type { LayerGraph } from '../layer.ts';
import { printGraph } from '../print-graph.ts';
import { dropReshapes } from './drop-reshapes.ts';
import { joinReshapes } from './join-reshapes.ts';
import { joinSums } from './join-sums.ts';
import type { Rewritten, Step } from './step.ts';

export const steps: readonly Step[] = [
  // Chains of reshapes first: then each that is left does something, or has the shape of what it reads.
  joinReshapes,
  dropReshapes,
  // Last: a reshape that went may have stood between two sums.
  joinSums,
];

/** Verifies what a step has made. @returns what each step did, under its name */
export function normalise(graph: LayerGraph): Rewritten {
  let current = graph;
  const changes: string[] = [];
  for (const step of steps) {
    const rewritten = step.run(current);
    if (rewritten.graph !== current) checkGraph(rewritten.graph);
    current = rewritten.graph;
    changes.push(...rewritten.changes.map(change => `${step.name}: ${change}`));
  }
  return { graph: current, changes };
}

/** The graph behind the steps, and what they did. */
export const printNormalised = ({ graph, changes }: Rewritten): string =>
  printGraph(graph) + changes.map(change => `# ${change}\n`).join('');
