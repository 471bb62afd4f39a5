/** Maps in blocks: the entries of each block of pixels side by side. */
import * as tf from '@tensorflow/tfjs-core';
import { copiedHere, copiesHere } from './host-copies.ts';
import type { Along, Blocks } from './norm-blocks.ts';

/** `[groups, H, W, C]` as `[groups, blocks, blocks, high · wide · C]`, with zeros for pixels beyond the edges. */
export const inBlocks = (maps: tf.Tensor, blocks: Blocks): tf.Tensor =>
  copiesHere() ? copied(maps, blocks) : rearranged(maps, blocks);

function copied(maps: tf.Tensor, { down, across }: Blocks): tf.Tensor {
  const [groups, height, width, channels] = maps.shape as [number, number, number, number];
  const [high, wide] = [down.phases.length, across.phases.length];
  return copiedHere(maps, [groups, down.length, across.length, high * wide * channels], (from, to) => {
    to.fill(0);
    for (let group = 0; group < groups; group++)
      for (let row = 0; row < height; row++) {
        const [blockRow, rowInBlock] = [Math.floor((row + down.shift) / high), (row + down.shift) % high];
        const line = (group * down.length + blockRow) * across.length;
        let entry = (group * height + row) * width * channels;
        for (let column = 0; column < width; column++) {
          const place = column + across.shift;
          const block = line + Math.floor(place / wide);
          const target = ((block * high + rowInBlock) * wide + (place % wide)) * channels;
          for (let channel = 0; channel < channels; channel++) to[target + channel] = from[entry++]!;
        }
      }
  });
}

function rearranged(maps: tf.Tensor, { down, across }: Blocks): tf.Tensor {
  const [, height, width, channels] = maps.shape as [number, number, number, number];
  const beyond = ({ shift, phases, length }: Along, size: number): [number, number] => [
    shift,
    length * phases.length - size - shift,
  ];
  const edges = [[0, 0], beyond(down, height), beyond(across, width), [0, 0]] satisfies [number, number][];
  const padded = edges.flat().every(count => count === 0) ? maps : tf.pad(maps, edges);
  const [high, wide] = [down.phases.length, across.phases.length];
  const split = tf.reshape(padded, [-1, down.length, high, across.length, wide * channels]);
  return tf.reshape(tf.transpose(split, [0, 1, 3, 2, 4]), [-1, down.length, across.length, high * wide * channels]);
}
