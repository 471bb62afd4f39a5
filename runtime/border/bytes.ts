import { InputError } from '../errors.ts';
import { showValue } from './show-value.ts';

/** A file in memory: what `fetch`, a file picker or a message to a worker gives. */
export type Bytes = Uint8Array | ArrayBuffer | Blob;

/** Not copied, but for a blob. `name` is whose argument they are. Raises `InputError` for anything else. */
export async function readBytes(source: Bytes, name: string): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  throw new InputError(`${name} is ${showValue(source)}: it needs a Uint8Array, an ArrayBuffer or a Blob`);
}
