/** Entries of a safetensors header with the bytes they stand at; `JSON.parse` alone would drop all but the last of equal names. */

export interface HeaderEntry {
  readonly name: string;
  /** Where the name stands in the header. */
  readonly byte: number;
  readonly value: unknown;
}

/** Entries in the order written. Calls `fail` with a byte of the header when it is no JSON object or repeats a name. */
export function headerEntries(header: Uint8Array, fail: (byte: number, what: string) => never): HeaderEntry[] {
  if (header[0] !== 0x7b) return fail(0, 'its header does not begin with {');
  const parsed = parseObject(header, fail);
  const entries: HeaderEntry[] = [];
  const seen = new Map<string, Set<string>>();
  for (const { parent, name, byte } of namesIn(header)) {
    const names = seen.get(parent) ?? new Set();
    if (names.has(name)) return fail(byte, `the name ${JSON.stringify(name)} stands twice in its header`);
    seen.set(parent, names.add(name));
    if (parent === '') entries.push({ name, byte, value: parsed[name] });
  }
  return entries;
}

function parseObject(header: Uint8Array, fail: (byte: number, what: string) => never): Record<string, unknown> {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header));
  } catch (error) {
    return fail(0, `its header is not JSON in UTF-8: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const [quote, backslash, colon] = [0x22, 0x5c, 0x3a];
const opening = new Set([0x7b, 0x5b]);
const closing = new Set([0x7d, 0x5d]);

/** Every name of the outer object and of the objects in it, from a text known to be JSON. `parent` is the quoted name that an object belongs to. */
function* namesIn(header: Uint8Array): Generator<{ parent: string; name: string; byte: number }> {
  const text = new TextDecoder();
  const path: string[] = [];
  let quoted = '';
  let byte = 0;
  for (let at = 0; at < header.length; at++) {
    const here = header[at]!;
    if (here === quote) {
      byte = at;
      at = closingQuote(header, at);
      if (path.length <= 2) quoted = text.decode(header.subarray(byte, at + 1));
    } else if (opening.has(here)) path.push(quoted);
    else if (closing.has(here)) path.pop();
    else if (here === colon && path.length <= 2) yield { parent: path[1] ?? '', name: JSON.parse(quoted), byte };
  }
}

function closingQuote(header: Uint8Array, open: number): number {
  let at = open + 1;
  while (at < header.length && header[at] !== quote) at += header[at] === backslash ? 2 : 1;
  return at;
}
