/** Class labels as files hold them. */
import { InputError } from '../errors.ts';

/** Where labels stand in a file: the byte of the first, and how many bytes apart they are. */
export interface LabelPlace {
  readonly file: string;
  readonly firstByte: number;
  readonly stride: number;
}

/** Raises `InputError` with file, example and byte when a label is not a class of 0 … `classes − 1`. */
export function checkLabels(labels: ArrayLike<number>, classes: number, place: LabelPlace): void {
  for (let example = 0; example < labels.length; example++) {
    const label = labels[example]!;
    if (Number.isInteger(label) && label >= 0 && label < classes) continue;
    throw new InputError(
      `${place.file}: example ${example} has label ${label} (byte ${place.firstByte + example * place.stride}), ` +
        `and there are ${classes} classes, 0 to ${classes - 1}`,
    );
  }
}
