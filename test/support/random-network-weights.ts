/** Weights of random networks: a style for each parameter in turn. */
import type { LayerGraph } from '../../compiler/2-graph/layer.ts';
import { sizeOf } from '../../compiler/shared/shape.ts';
import { seededNormals, seededNumbers } from './program-inputs.ts';

type Draw = (count: number, fanIn: number, seed: number) => Float64Array;

const normals: Draw = (count, fanIn, seed) => seededNormals(seed, count).map(entry => entry / Math.sqrt(fanIn));

/** Simplest first: a counterexample shrinks towards them. */
const styles: readonly { readonly name: string; readonly draw: Draw }[] = [
  {
    name: 'integers from -2 to 2',
    draw(count, _fanIn, seed) {
      const next = seededNumbers(seed);
      return Float64Array.from({ length: count }, () => Math.floor(5 * next()) - 2);
    },
  },
  { name: 'normal', draw: normals },
  {
    name: 'sparse',
    draw(count, fanIn, seed) {
      const next = seededNumbers(seed + 7);
      return normals(count, fanIn, seed).map(entry => (next() < 0.7 ? 0 : 3 * entry));
    },
  },
  { name: 'large', draw: (count, fanIn, seed) => normals(count, fanIn, seed).map(entry => 100 * entry) },
  { name: 'zeros', draw: count => new Float64Array(count) },
];

export const styleCount = styles.length;

export const printStyles = (chosen: readonly number[]): string =>
  chosen.map(style => styles[style]?.name ?? style).join(', ');

/** Every parameter of the graph; a function of the styles and the seed. */
export function drawParameters(
  graph: LayerGraph,
  chosen: readonly number[],
  seed: number,
): { params: Record<string, Float64Array>; paramShapes: Record<string, readonly number[]> } {
  const shapes = new Map(graph.layers.map(layer => [layer.id, layer.shape]));
  const params: Record<string, Float64Array> = {};
  const paramShapes: Record<string, readonly number[]> = {};
  let number = 0;
  const draw = (name: string, shape: readonly number[], fanIn: number): void => {
    const style = styles[chosen[number % chosen.length] ?? 0]!;
    params[name] = style.draw(sizeOf(shape), fanIn, 1000 * seed + number++);
    paramShapes[name] = shape;
  };
  for (const layer of graph.layers) {
    if (layer.kind !== 'conv2d' && layer.kind !== 'dense') continue;
    const channels = shapes.get(layer.inputs[0]!)?.at(-1) ?? 1;
    const kernel = layer.kind === 'conv2d' ? [...layer.kernelSize, channels] : [channels];
    const outputs = layer.kind === 'conv2d' ? layer.filters : layer.units;
    draw(`${layer.id}.weight`, [...kernel, outputs], sizeOf(kernel));
    if (layer.useBias) draw(`${layer.id}.bias`, [outputs], 4);
  }
  return { params, paramShapes };
}
