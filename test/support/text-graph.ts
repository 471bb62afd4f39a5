/** Small layer graphs written in the text form of `print-graph.ts`. */
import { checkGraph } from '../../compiler/2-graph/check-graph.ts';
import type { LayerGraph } from '../../compiler/2-graph/layer.ts';
import { parseGraph } from '../../compiler/2-graph/parse-graph.ts';
import { buildDual } from '../../compiler/3-dual/build-dual.ts';
import { checkDual } from '../../compiler/3-dual/check-dual.ts';
import type { DualNetwork } from '../../compiler/3-dual/dual.ts';

/** Verified. */
export function textGraph(text: string): LayerGraph {
  const graph = parseGraph(text);
  checkGraph(graph);
  return graph;
}

/** The dual network of a text, verified. */
export function textDual(text: string): DualNetwork {
  const dual = buildDual(textGraph(text));
  checkDual(dual);
  return dual;
}

/** Two hidden layers: 3 → 4 → 5 → 2. */
export const mlp = `
  x = input() : [3]
  dense1 = dense(x) {units: 4, useBias: true} : [4]
  relu1 = relu(dense1) : [4]
  dense2 = dense(relu1) {units: 5, useBias: true} : [5]
  relu2 = relu(dense2) : [5]
  logits = dense(relu2) {units: 2, useBias: true} : [2]
  output logits`;

/** A block with an identity skip: `relu(w2 relu(w1 h) + h)`. */
export const residual = `
  x = input() : [3]
  first = dense(x) {units: 4, useBias: true} : [4]
  h = relu(first) : [4]
  w1 = dense(h) {units: 4, useBias: true} : [4]
  inner = relu(w1) : [4]
  w2 = dense(inner) {units: 4, useBias: true} : [4]
  joined = add(w2, h) : [4]
  after = relu(joined) : [4]
  logits = dense(after) {units: 2, useBias: true} : [2]
  output logits`;

/** Three convolutions on an 8 × 8 map, then two dense layers. */
export const convolutional = `
  x = input() : [8, 8, 1]
  conv1 = conv2d(x) {filters: 4, kernelSize: [3, 3], strides: [1, 1], padding: [1, 1, 1, 1], useBias: true} : [8, 8, 4]
  relu1 = relu(conv1) : [8, 8, 4]
  conv2 = conv2d(relu1) {filters: 4, kernelSize: [4, 4], strides: [2, 2], padding: [1, 1, 1, 1], useBias: true} : [4, 4, 4]
  relu2 = relu(conv2) : [4, 4, 4]
  conv3 = conv2d(relu2) {filters: 4, kernelSize: [3, 3], strides: [1, 1], padding: [1, 1, 1, 1], useBias: true} : [4, 4, 4]
  relu3 = relu(conv3) : [4, 4, 4]
  flat = flatten(relu3) : [64]
  dense1 = dense(flat) {units: 10, useBias: true} : [10]
  relu4 = relu(dense1) : [10]
  logits = dense(relu4) {units: 3, useBias: true} : [3]
  output logits`;
