/** Values of a running file in the form in which the static reader has them, so that both are checked by the same rules. */

import { type Argument, list, type Property, type Value } from '../1-frontend/value.ts';
import type { SourceSpan } from '../shared/span.ts';
import { balls, layers, networks } from './handles.ts';

/** The place of everything that is run: the stack of the error says more. */
export const runTimeSpan: SourceSpan = {
  file: 'network built at run time',
  start: { line: 1, column: 1 },
  end: { line: 1, column: 1 },
};

export function toValue(value: unknown): Value {
  if (
    value === null ||
    value === undefined ||
    typeof value === 'number' ||
    typeof value === 'string' ||
    typeof value === 'boolean'
  ) {
    return value;
  }
  const layer = layers.contentOf(value);
  if (layer !== undefined) return { kind: 'layer', id: layer.call.id };
  const ball = balls.contentOf(value);
  if (ball !== undefined) return ball;
  const network = networks.contentOf(value);
  if (network !== undefined) return { kind: 'network', network: network.call };
  if (Array.isArray(value)) return list(value.map(toValue));
  if (typeof value !== 'object') return { kind: 'namespace', name: `a ${typeof value}`, members: new Map() };
  const properties = Object.entries(value).map(([name, part]): [string, Property] => {
    return [name, { value: toValue(part), span: runTimeSpan, nameSpan: runTimeSpan }];
  });
  return { kind: 'object', properties: new Map(properties) };
}

export const toArguments = (values: readonly unknown[]): Argument[] =>
  values.map(value => ({ value: toValue(value), span: runTimeSpan }));
