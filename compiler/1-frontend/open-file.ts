/** Opens the text of an architecture file. */
import { readFileSync, statSync } from 'node:fs';

export type OpenedFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly reason: string };

const largestFile = 2 ** 20;

/** The text with line breaks as LF and without byte order mark, so that its hash is the same wherever it was checked out. */
export function openFile(path: string): OpenedFile {
  try {
    const { size } = statSync(path);
    if (size > largestFile) return { kind: 'unreadable', reason: `it has ${size} bytes` };
    return { kind: 'text', text: normalizeText(readFileSync(path, 'utf8')) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    const reason = { EISDIR: 'it is a folder', EACCES: 'permission denied', EPERM: 'permission denied' }[String(code)];
    return { kind: 'unreadable', reason: reason ?? String(code ?? error) };
  }
}

export function normalizeText(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
}
