import { isReshaping, rewriteLayers, type Step } from './step.ts';

/**
 * A reshape of a reshape reads what the first one reads: the numbers and their order are the same.
 *
 * Saves:  one tensor operation of every program and of every row that walks back through both.
 * Order:  first; what is left of a chain may be a reshape to the shape that its input has.
 */
export const joinReshapes: Step = {
  name: 'joinReshapes',
  run: graph =>
    rewriteLayers(graph, (layer, [input]) => {
      if (input === undefined || !isReshaping(layer) || !isReshaping(input)) return null;
      const { inputs } = input;
      return { layer: { ...layer, inputs }, said: `${layer.id} reads ${inputs.join()} instead of ${input.id}` };
    }),
};
