/** What makes two networks the same: their layers. What else the file says does not, nor does the ball, which every command may choose. */
import { createHash } from 'node:crypto';
import type { LayerId } from '../shared/ids.ts';
import type { Layer } from './layer.ts';

/** SHA-256, in hexadecimal, of names, kinds, connections, shapes and attributes of all layers, and of the ends of the network. */
export function hashNetwork(layers: readonly Layer[], input: LayerId, output: LayerId): string {
  const content = layers.map(({ span: _, ...layer }) => layer);
  return createHash('sha256')
    .update(JSON.stringify(sorted({ layers: content, input, output })))
    .digest('hex');
}

/** With the keys of all objects in one order, so that it does not matter in which order a stage wrote them. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
