/** A process that checks the blocks it is sent, one at a time, until its parent lets it go. */
import { checkBlock } from '../../test/soundness/check-block.ts';
import type { Answer, Order } from './setting.ts';

process.on('message', ({ number, block }: Order) => {
  const began = performance.now();
  const answer: Answer = { number, ...checkBlock(block), seconds: (performance.now() - began) / 1000 };
  process.send?.(answer);
});
process.on('disconnect', () => process.exit());
