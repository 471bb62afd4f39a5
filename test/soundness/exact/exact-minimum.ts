/**
 * The least margins over a polygon of points, exactly: the network is linear on each piece that the kinks of its nonlinearities cut
 * out of the polygon, so its least values lie at corners of pieces. Few inputs and few neurons only.
 */
import { hasRole } from '../../../compiler/2-graph/roles.ts';
import type { LayerId } from '../../../compiler/shared/ids.ts';
import type { ExactNetwork, ExactValues } from './exact-network.ts';
import { between, type ExactVector } from './exact-vector.ts';

interface Corner {
  readonly point: ExactVector;
  readonly values: ExactValues;
}

/**
 * Corners of all pieces of the convex polygon whose corners are given in order: its two ends when it is a segment. Null when there
 * are more than `most` pieces.
 */
export function cornersOfPieces(
  network: ExactNetwork,
  polygon: readonly ExactVector[],
  most: number,
): ExactVector[] | null {
  const kinks = network.graph.layers
    .filter(layer => hasRole(layer, 'nonlinearity'))
    .map(({ inputs }) => inputs[0]!)
    .filter((id, at, all) => all.indexOf(id) === at);
  const at = (point: ExactVector): Corner => ({ point, values: network.valuesAt(point) });
  const found: ExactVector[] = [];
  let pieces = 0;

  /** Layers before `layer`, and its entries before `entry`, have one sign each on the piece: so this entry is linear there. */
  const cut = (piece: readonly Corner[], layer: number, entry: number): boolean => {
    const id = kinks[layer];
    if (id === undefined) {
      pieces++;
      found.push(...piece.map(({ point }) => point));
      return pieces <= most;
    }
    const size = piece[0]!.values.get(id)!.units.length;
    for (let neuron = entry; neuron < size; neuron++) {
      const sides = piece.map(({ values }) => signAt(values, id, neuron));
      if (!sides.includes(1) || !sides.includes(-1)) continue;
      return [1, -1].every(side => cut(clipped(piece, id, neuron, side), layer, neuron + 1));
    }
    return cut(piece, layer + 1, 0);
  };

  const clipped = (piece: readonly Corner[], id: LayerId, neuron: number, side: number): Corner[] =>
    piece.flatMap((corner, i) => {
      const after = piece[(i + 1) % piece.length]!;
      const [own, next] = [corner, after].map(({ values }) => signAt(values, id, neuron));
      const kept = own! * side >= 0 ? [corner] : [];
      // The one edge of a segment is met from both ends.
      const isCrossed = own! * next! < 0 && (piece.length > 2 || i === 0);
      return isCrossed ? [...kept, at(crossing(corner, after, id, neuron))] : kept;
    });

  return cut(polygon.map(at), 0, 0) ? found : null;
}

function signAt(values: ExactValues, id: LayerId, neuron: number): number {
  const units = values.get(id)!.units[neuron]!;
  return units > 0n ? 1 : units < 0n ? -1 : 0;
}

/** The point of the edge at which the neuron is 0: it is linear on the edge. */
function crossing(from: Corner, to: Corner, id: LayerId, neuron: number): ExactVector {
  const [a, b] = [from, to].map(({ values }) => values.get(id)!) as [ExactVector, ExactVector];
  const exponent = Math.min(a.exponent, b.exponent);
  const size = ({ units, exponent: own }: ExactVector, divisor: bigint): bigint => {
    const entry = units[neuron]!;
    return ((entry < 0n ? -entry : entry) << BigInt(own - exponent)) * divisor;
  };
  const [first, second] = [size(a, b.divisor), size(b, a.divisor)];
  return between(from.point, to.point, [first, first + second]);
}
