/** Which class, if any, an emitted module proves for the whole ball around each point. */
import type { Params, RobustModel } from 'dualc/runtime';
import * as tf from 'dualc/runtime/tensors';

/** One entry per point: the certified class, or null when no class can be proved. */
export async function certifiedClasses(
  model: RobustModel,
  params: Params,
  points: readonly (readonly number[])[],
  epsilon: number,
): Promise<(number | null)[]> {
  const found: (number | null)[] = points.map(() => null);
  for (let label = 0; label < model.meta.classes; label++) {
    // Lower bounds of `f_label - f_class` over the ball; that of the label itself is 0.
    const bounds = tf.tidy(() => {
      const x = tf.tensor(points.flat(), [points.length, ...model.meta.inputShape]);
      return model.margins(params, x, tf.fill([points.length], label, 'int32') as tf.Tensor1D, epsilon);
    });
    const margins = await bounds.array();
    bounds.dispose();
    for (const [point, row] of margins.entries()) {
      if (row.every((margin, other) => other === label || (margin > 0 && Number.isFinite(margin))))
        found[point] = label;
    }
  }
  return found;
}
