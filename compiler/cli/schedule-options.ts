/** Schedules and moves of images on the command line. Each parser raises commander's `InvalidArgumentError`, which is exit code 2. */
import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { Augmentation } from '../../runtime/train/augment.ts';
import type { LearningRateSchedule } from '../../runtime/train/learning-rate-schedule.ts';
import { share } from './number-options.ts';

/** `constant`, `cosine`, or `halve:20:10`: halved every 10 epochs after 20. */
export function learningRateSchedule(text: string): LearningRateSchedule {
  const match = /^(?:(constant|cosine)|halve:(\d+):([1-9]\d*))$/.exec(text);
  if (match === null) throw new InvalidArgumentError('It must be constant, cosine, or halve:AFTER:EVERY in epochs.');
  if (match[1] === undefined) return { kind: 'halve', after: Number(match[2]), every: Number(match[3]) };
  return { kind: match[1] === 'constant' ? 'constant' : 'cosine' };
}

/** `0.5`, or `1:0.25` for one at the start that moves to another. */
export function weightRamp(text: string): [number, number] {
  const [from = '', to = from, ...more] = text.split(':');
  try {
    if (more.length === 0) return [share(from), share(to)];
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
  }
  throw new InvalidArgumentError(
    'It must be a share such as 0.5 or 50%, or two, at the start and after the ramp, such as 1:0.25.',
  );
}

/** `shift:2`, `flip`, `shift:4,flip`. */
export function augmentation(text: string): Augmentation {
  const match = /^(?!,)(?:shift:([1-9]\d*))?(?:(?:^|,)(flip))?$/.exec(text);
  if (match === null || text === '')
    throw new InvalidArgumentError('It must be shift:PIXELS, flip, or shift:PIXELS,flip.');
  return { shift: Number(match[1] ?? 0), flip: match[2] !== undefined };
}
