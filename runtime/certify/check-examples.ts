import { showValue } from '../border/show-value.ts';
import type { ModelMeta } from '../contract.ts';
import { InputError } from '../errors.ts';
import type { Examples } from '../train/batches.ts';

/**
 * Refuses examples that a model cannot speak of. Raises `InputError` for the wrong kind or number of values, a label that is no
 * class, a value that is not finite, or one outside the box: there the ball and the box may not meet, and a bound over
 * their intersection would mean nothing.
 */
export function checkExamples(meta: ModelMeta, examples: Examples): void {
  const { values, labels } = examples ?? {};
  if (!(values instanceof Float32Array)) {
    throw new InputError(
      `examples.values is ${showValue(values)}: it needs a Float32Array, one example after the other`,
    );
  }
  if (!(labels instanceof Int32Array)) {
    throw new InputError(`examples.labels is ${showValue(labels)}: it needs an Int32Array, the class of each example`);
  }
  const size = meta.inputShape.reduce((product, dim) => product * dim, 1);
  if (labels.length === 0) throw new InputError('there are no examples');
  if (values.length !== labels.length * size) {
    const each = `${meta.inputShape.join(' × ')} = ${size} values each`;
    throw new InputError(`${labels.length} examples of ${each} are needed, but the data hold ${values.length} values`);
  }
  const badLabel = labels.findIndex(label => !(label >= 0 && label < meta.classes));
  if (badLabel >= 0) {
    throw new InputError(
      `example ${badLabel} has label ${labels[badLabel]}, but the network has ${meta.classes} classes, 0 to ${meta.classes - 1}`,
    );
  }
  const [lower, upper] = meta.ball.box ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  // Written so that NaN is refused too.
  const bad = values.findIndex(value => !(value >= lower && value <= upper && Number.isFinite(value)));
  if (bad >= 0) {
    const where = `example ${Math.floor(bad / size)}, value ${bad % size}, is ${values[bad]}`;
    throw new InputError(
      meta.ball.box === null
        ? `${where}: not a finite number`
        : `${where}, outside the box [${lower}, ${upper}]; scale the data into the box, or compile the network without it (--no-box)`,
    );
  }
}
