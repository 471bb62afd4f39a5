/** One block, checked on wasm, as an answer. */
import { checkExactBlock, printCounterexample } from '../../test/soundness/exact/exact-block.ts';
import { useBackend } from '../../test/support/run-on-backend.ts';
import type { Answer, Order } from './setting.ts';

export async function answerBlock({ number, block }: Order): Promise<Answer> {
  await useBackend('wasm');
  const began = performance.now();
  const { tally, counterexample } = await checkExactBlock(block);
  return {
    number,
    family: block.family,
    tally,
    failure: counterexample === null ? null : printCounterexample(counterexample),
    isRefuted: counterexample?.failures.some(({ isRefuted }) => isRefuted) ?? false,
    seconds: (performance.now() - began) / 1000,
  };
}
