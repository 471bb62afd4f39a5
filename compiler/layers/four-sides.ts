import type { Padding } from '../2-graph/padding.ts';
import type { AttributeForm } from './definition.ts';

/** A padding in the text form of the graph: `[top, bottom, left, right]`. */
export const fourSides: AttributeForm<Padding> = {
  print: ({ top, bottom, left, right }) => [top, bottom, left, right],
  parse(written) {
    const [top, bottom, left, right] = written as [number, number, number, number];
    return { top, bottom, left, right };
  },
};
