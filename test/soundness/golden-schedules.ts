/** The exact schedules that the golden cases are computed with. */

import type { LayerGraph } from '../../compiler/2-graph/layer.ts';
import { buildDual } from '../../compiler/3-dual/build-dual.ts';
import type { PlanRequest } from './certificate.ts';
import { cramped, patchesRequest, roomy } from './plan-requests.ts';

/** Each trains with exact bounds too, so that the loss and its gradient are those of the reference. */
export const goldenSchedules = (graph: LayerGraph): readonly PlanRequest[] => {
  const patches = patchesRequest(buildDual(graph));
  return [
    { name: 'exact', bounds: 'exact', memoryBytes: roomy },
    { name: 'backward in small chunks', bounds: 'backward', memoryBytes: 1000 },
    ...(patches === ''
      ? []
      : [
          { name: 'patches', bounds: `exact,${patches}`, memoryBytes: roomy },
          { name: 'patches, one position at a time', bounds: `exact,${patches}`, memoryBytes: cramped },
        ]),
  ];
};
