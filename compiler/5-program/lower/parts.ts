/** What a concatenation joined, taken apart again. */
import { found } from '../../shared/assert.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { Shape } from '../../shared/shape.ts';
import type { ProgramBuilder } from '../builder.ts';

/** One value for each of the shapes, which lie side by side on the last axis of `value`; `roles` say what each is. */
export function partsOf(
  b: ProgramBuilder,
  value: ValueId,
  shapes: readonly Shape[],
  roles: readonly string[],
): ValueId[] {
  const axis = b.shapeOf(value).length - 1;
  let begin = 0;
  return shapes.map((shape, index) => {
    const size = found(shape.at(-1), 'channels of an operand');
    const role = found(roles[index], 'the role of a part');
    const part = b.within({ role }, () => b.slice(value, axis, begin, size));
    begin += size;
    return part;
  });
}
