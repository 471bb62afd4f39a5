/**
 * Tells V8 to inline little. To compile a network is a second or two of many small functions over many kinds of values: optimising them with all
 * that they call takes V8 longer than it saves, a quarter of the processor time for the examples, and for networks of forty layers as well.
 */
import { setFlagsFromString } from 'node:v8';

export const inlineLittle = (): void => setFlagsFromString('--max-inlined-bytecode-size-cumulative=100');
