/** A process that answers the blocks it is sent, one at a time, until its parent lets it go. */
import { answerBlock } from './answer-block.ts';
import type { Order } from './setting.ts';

process.on('message', async (order: Order) => {
  process.send?.(await answerBlock(order));
});
process.on('disconnect', () => process.exit());
