/** The header of a safetensors file, checked: every later read may rely on the ranges it gives. */
import { InputError } from '../errors.ts';
import { headerEntries } from './header-entries.ts';
import { type Dtype, dtypeRules, elementCount, isDtype, printDims } from './named-tensor.ts';

/** The reference library's limit. */
const maxHeaderBytes = 100_000_000;

export interface TensorEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Range in the file. */
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>;
  /** In file order. */
  readonly tensors: readonly TensorEntry[];
}

/**
 * Reads and checks the header: its length, JSON, names, types, shapes, and that the tensors cover the rest of the file
 * without gaps or overlaps. Raises `InputError` naming `file`, the tensor and the byte.
 */
export function readHeader(bytes: Uint8Array, file: string): SafetensorsHeader {
  const fail = (byte: number, what: string): never => {
    throw new InputError(`${file} is not a whole safetensors file: ${what} (byte ${byte})`);
  };
  if (bytes.length < 8)
    return fail(bytes.length, `it ends after ${bytes.length} bytes, before the length of its header`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > maxHeaderBytes)
    return fail(0, `its header claims ${length} bytes; at most ${maxHeaderBytes} are allowed`);
  const dataStart = 8 + length;
  if (dataStart > bytes.length) {
    return fail(
      bytes.length,
      `its header claims ${length} bytes, and the file ends ${dataStart - bytes.length} bytes too early`,
    );
  }
  const entries = headerEntries(bytes.subarray(8, dataStart), (byte, what) => fail(8 + byte, what));

  let metadata: Record<string, string> = {};
  const tensors: TensorEntry[] = [];
  for (const { name, byte, value } of entries) {
    if (name === '__metadata__')
      metadata = readMetadata(value) ?? fail(8 + byte, '__metadata__ is not a map of strings');
    else
      tensors.push(readEntry(name, value, dataStart, what => fail(8 + byte, `tensor ${JSON.stringify(name)} ${what}`)));
  }
  tensors.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCover(tensors, dataStart, bytes.length, fail);
  return { metadata, tensors };
}

function readMetadata(value: unknown): Record<string, string> | null {
  if (!isRecord(value)) return null;
  const entries: [string, string][] = [];
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') return null;
    entries.push([key, text]);
  }
  return Object.fromEntries(entries);
}

function readEntry(name: string, value: unknown, dataStart: number, fail: (what: string) => never): TensorEntry {
  if (!isRecord(value)) return fail('has no description');
  const { dtype, shape, data_offsets: offsets, ...rest } = value;
  const extra = Object.keys(rest)[0];
  if (extra !== undefined) return fail(`has an unknown field ${JSON.stringify(extra)}`);
  if (typeof dtype !== 'string') return fail('has no dtype');
  if (!isDtype(dtype))
    return fail(`has dtype ${JSON.stringify(dtype)}; known are ${Object.keys(dtypeRules).join(', ')}`);
  if (!isSizes(shape)) return fail('has no shape of whole numbers');
  if (!isSizes(offsets) || offsets.length !== 2) return fail('has no pair of data_offsets');
  const [begin, end] = [offsets[0]!, offsets[1]!];
  const needed = elementCount(shape) * dtypeRules[dtype].bytes;
  if (end - begin !== needed) {
    return fail(
      `has shape ${printDims(shape)} of ${dtype}, ${needed} bytes, but offsets ${begin} to ${end}, ${end - begin} bytes`,
    );
  }
  return { name, dtype, shape, begin: dataStart + begin, end: dataStart + end };
}

function checkCover(
  tensors: readonly TensorEntry[],
  dataStart: number,
  fileEnd: number,
  fail: (byte: number, what: string) => never,
): void {
  let covered = dataStart;
  let previous = 'the header';
  for (const { name, begin, end } of tensors) {
    const quoted = `tensor ${JSON.stringify(name)}`;
    if (begin < covered) fail(begin, `${quoted} overlaps ${previous}, which ends at byte ${covered}`);
    if (begin > covered) fail(covered, `a gap of ${begin - covered} bytes lies between ${previous} and ${quoted}`);
    if (end > fileEnd) fail(fileEnd, `the file ends ${end - fileEnd} bytes before the end of ${quoted}`);
    covered = end;
    previous = quoted;
  }
  if (covered < fileEnd) fail(covered, `${fileEnd - covered} bytes follow ${previous} and belong to no tensor`);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every(size => Number.isSafeInteger(size) && size >= 0);
