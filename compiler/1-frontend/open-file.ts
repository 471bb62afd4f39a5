/** Opens the text of an architecture file. */
import { fileKinds } from '../../runtime/files/file-kinds.ts';
import { readText, UnreadableError } from '../../runtime/files/read-file.ts';

export type OpenedFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * The text with line breaks as LF and without byte order mark, so that its hash is the same wherever it was checked out. Raises
 * `EnvironmentError` when the disk fails.
 */
export function openFile(path: string): OpenedFile {
  try {
    return { kind: 'text', text: normalizeText(readText(path, fileKinds.architecture)) };
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return error.isMissing ? { kind: 'missing' } : { kind: 'unreadable', reason: error.reason };
  }
}

export function normalizeText(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
}
