/** Keys of random draws. A draw is a function of its key alone, so a run can be resumed, split and repeated exactly. */
import type { RandomKey } from '../contract.ts';
import { InputError } from '../errors.ts';
import { threefryFill } from './threefry.ts';

export type { RandomKey } from '../contract.ts';

/** Whether it is a pair of 32-bit words. */
export function isRandomKey(value: unknown): value is RandomKey {
  return (
    Array.isArray(value) && value.length === 2 && value.every(word => typeof word === 'number' && word >>> 0 === word)
  );
}

/** The second counter word says what a block is for; draws, numbers and labels therefore never use the same block. */
const drawDomain = 0;
const numberDomain = 0x8000_0000;
const labelDomain = 0xffff_ffff;

/** The key of a seed, a whole number from 0 to 2⁵³ − 1. Raises `InputError` for any other. */
export function keyFrom(seed: number): RandomKey {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new InputError(`a seed is a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, not ${String(seed)}`);
  }
  return [highWord(seed), seed >>> 0];
}

/**
 * A key for one part of what `key` is for: a step's number, a layer's name. Different parts draw independently. Raises
 * `InputError` when it is no key, or the part neither text nor a whole number from 0.
 */
export function foldIn(key: RandomKey, part: number | string): RandomKey {
  if (!isRandomKey(key))
    throw new InputError(`foldIn: key is ${String(key)}: it needs keyFrom(seed), or foldIn(key, part)`);
  return typeof part === 'string' ? foldInLabel(key, part) : foldInNumber(key, part);
}

/** `count` random 32-bit words; a longer draw from the same key starts with the words of a shorter one. */
export function randomWords(key: RandomKey, count: number): Uint32Array {
  const words = new Uint32Array(count);
  threefryFill(key[0], key[1], 0, drawDomain, words);
  return words;
}

function foldInNumber(key: RandomKey, part: number): RandomKey {
  if (!Number.isSafeInteger(part) || part < 0) {
    throw new InputError(`foldIn: part is ${String(part)}: it needs text, or a whole number from 0`);
  }
  return block(key, part >>> 0, (numberDomain + highWord(part)) >>> 0);
}

/** The label's UTF-8 bytes, eight at a time, each block under the key that the blocks before it gave. */
function foldInLabel(key: RandomKey, label: string): RandomKey {
  const bytes = new TextEncoder().encode(label);
  const padded = new DataView(new ArrayBuffer(Math.ceil(bytes.length / 8) * 8));
  bytes.forEach((byte, at) => {
    padded.setUint8(at, byte);
  });
  let folded = block(key, bytes.length, labelDomain);
  for (let at = 0; at < padded.byteLength; at += 8) {
    folded = block(folded, padded.getUint32(at, true), padded.getUint32(at + 4, true));
  }
  return folded;
}

function block(key: RandomKey, first: number, domain: number): RandomKey {
  const words = new Uint32Array(2);
  threefryFill(key[0], key[1], first, domain, words);
  return [words[0]!, words[1]!];
}

const highWord = (number: number): number => Math.floor(number / 2 ** 32);
