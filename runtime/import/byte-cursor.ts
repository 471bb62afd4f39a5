/** Reads a byte string from front to back and says where it went wrong. */
import { InputError } from '../errors.ts';

export class ByteCursor {
  readonly bytes: Uint8Array;
  /** What errors call the bytes: a file, or an entry of an archive. */
  readonly label: string;
  at: number;
  private readonly view: DataView;

  constructor(bytes: Uint8Array, label: string, at = 0) {
    this.bytes = bytes;
    this.label = label;
    this.at = at;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** Raises `InputError` that names the bytes and the offset. */
  fail(what: string, at: number = this.at): never {
    throw new InputError(`${this.label}: ${what} (byte ${at})`);
  }

  /** The next `count` bytes, not copied. */
  take(count: number): Uint8Array {
    if (!(count >= 0 && count <= this.left))
      this.fail(`the file is cut short: ${count} bytes are needed, ${this.left} are left`);
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  uint8(): number {
    return this.view.getUint8(this.step(1));
  }

  uint16(): number {
    return this.view.getUint16(this.step(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.step(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.step(4), true);
  }

  /** An unsigned 64-bit count; one beyond 2⁵³ loses digits, and is larger than any file. */
  uint64(): number {
    return Number(this.view.getBigUint64(this.step(8), true));
  }

  float64BigEndian(): number {
    return this.view.getFloat64(this.step(8), false);
  }

  /** Text up to the next line feed, which is skipped. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) this.fail('the file is cut short inside a line of text');
    const text = this.text(end - this.at);
    this.at++;
    return text;
  }

  /** The next `count` bytes as UTF-8. */
  text(count: number): string {
    const from = this.at;
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.take(count));
    } catch (error) {
      if (error instanceof InputError) throw error;
      return this.fail('text that is not UTF-8', from);
    }
  }

  private step(count: number): number {
    const from = this.at;
    this.take(count);
    return from;
  }
}
