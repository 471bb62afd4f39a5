/** Text with one byte for each character: Unicode's first 256. `TextDecoder` reads that name as Windows-1252. */

export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** The inverse; characters beyond the first 256 lose their upper bits. */
export const bytesOfLatin1 = (text: string): Uint8Array =>
  Uint8Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
