import * as tf from '@tensorflow/tfjs-core';

/** A value that a caller gave, short enough for the middle of an error's sentence. */
export function showValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string')
    return value.length > 60 ? `${JSON.stringify(value.slice(0, 60))}…` : JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof tf.Tensor) return `a ${value.dtype} tensor [${value.shape.join(', ')}]`;
  if (Array.isArray(value) && value.length <= 4 && value.every(entry => typeof entry !== 'object')) {
    return `[${value.map(showValue).join(', ')}]`;
  }
  const { length } = value as { readonly length?: unknown };
  const kind = value.constructor?.name ?? 'Object';
  if (kind === 'Object') return 'an object';
  return typeof length === 'number' ? `${article(kind)} of ${length} numbers` : article(kind);
}

const article = (kind: string): string => (/^[AEIO]/.test(kind) ? `an ${kind}` : `a ${kind}`);
