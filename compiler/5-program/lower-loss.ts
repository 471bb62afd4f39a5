/**
 * The losses. `scores` are the logits, or `−J` for the robust loss (Wong et al. 2018, Theorem 1 and errata): cross entropy
 * against the label, and the share of examples whose label does not have the strictly largest score.
 */
import type { LayerGraph } from '../2-graph/layer.ts';
import type { DualNetwork } from '../3-dual/dual.ts';
import type { Plan } from '../4-schedule/plan.ts';
import type { ValueId } from '../shared/ids.ts';
import { createBuilder, type ProgramBuilder } from './builder.ts';
import { batch } from './dim.ts';
import { lowerLogits } from './lower-forward.ts';
import { lowerMargins } from './lower-margins.ts';
import type { TensorProgram } from './tensor-program.ts';

/** Far above any score, so that the label is never the largest of the others. */
const beyondScores = 1e30;

function labelRows(b: ProgramBuilder, classes: number): ValueId {
  const labels = b.source({ kind: 'input', name: 'labels', shape: [batch] });
  return b.within({ role: 'label row' }, () => b.append({ kind: 'oneHot', depth: classes }, [labels]));
}

/** `logsumexp(scores) − scores[label]`, `[batch]`; the largest score is taken out first and carries no gradient. */
function crossEntropies(b: ProgramBuilder, scores: ValueId, label: ValueId): ValueId {
  const largest = b.within({ role: 'largest' }, () =>
    b.append({ kind: 'detach' }, [b.append({ kind: 'max', axes: [1], keepDims: true }, [scores])]),
  );
  const shifted = b.within({ role: 'shifted' }, () => b.binary('sub', scores, largest));
  const exponentials = b.within({ role: 'exponentials' }, () => b.unary('exp', shifted));
  const total = b.within({ role: 'sum of exponentials' }, () => b.sum(exponentials, [1]));
  const logSum = b.within({ role: 'log sum' }, () => b.unary('log', total));
  return b.within({ role: 'cross entropies' }, () =>
    b.binary('sub', logSum, b.sum(b.binary('mul', shifted, label), [1])),
  );
}

const mean = (b: ProgramBuilder, values: ValueId): ValueId =>
  b.binary('div', b.sum(values, [0]), b.source({ kind: 'batchSize' }));

function errorRate(b: ProgramBuilder, scores: ValueId, label: ValueId): ValueId {
  const bestOther = b.within({ role: 'best other score' }, () => {
    const others = b.binary('sub', scores, b.binary('mul', label, b.constant(beyondScores)));
    return b.append({ kind: 'max', axes: [1], keepDims: false }, [others]);
  });
  const ofLabel = b.within({ role: 'score of label' }, () => b.sum(b.binary('mul', scores, label), [1]));
  const correct = b.within({ role: 'correct' }, () => b.unary('step', b.binary('sub', ofLabel, bestOther)));
  return b.binary('sub', b.constant(1), mean(b, correct));
}

function lowerLoss(b: ProgramBuilder, scores: ValueId): { readonly crossEntropy: ValueId; readonly error: ValueId } {
  const classes = Number(b.shapeOf(scores)[1]);
  return b.within({ section: 'loss', layer: null, role: 'loss', span: null }, () => {
    const label = labelRows(b, classes);
    const crossEntropy = b.within({ role: 'cross entropy' }, () => mean(b, crossEntropies(b, scores, label)));
    const error = b.within({ role: 'error' }, () => errorRate(b, scores, label));
    return { crossEntropy, error };
  });
}

export function lowerRobustLoss(dual: DualNetwork, plan: Plan): TensorProgram {
  const b = createBuilder();
  const { margins } = lowerMargins(b, dual, plan);
  const scores = b.within({ section: 'margins', layer: null, role: 'scores', span: null }, () =>
    b.unary('neg', margins),
  );
  return b.finish('robustLoss', { ...lowerLoss(b, scores) });
}

export function lowerNaturalLoss(graph: LayerGraph): TensorProgram {
  const b = createBuilder();
  const logits = lowerLogits(b, graph);
  return b.finish('naturalLoss', { ...lowerLoss(b, logits) });
}

/** Per-example cross entropy and its sum, whose gradient for `x` an attack climbs. */
export function lowerInputLoss(graph: LayerGraph): TensorProgram {
  const b = createBuilder();
  const logits = lowerLogits(b, graph);
  const classes = Number(b.shapeOf(logits)[1]);
  const { crossEntropy, total } = b.within({ section: 'losses', layer: null, role: 'losses', span: null }, () => {
    const values = crossEntropies(b, logits, labelRows(b, classes));
    return { crossEntropy: values, total: b.within({ role: 'total' }, () => b.sum(values, [0])) };
  });
  return b.finish('inputGradient', { crossEntropy, logits, total });
}
