/** Errors that no part of dualc raised on purpose, and that are the machine's fault all the same: exit code 3, not 70. */

/** What to tell the user, or null when the error is none of them. */
export function machineFault(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  // A trap of WebAssembly; the class itself is unknown to the types of Node.
  if (error.name === 'RuntimeError')
    return `the WebAssembly backend broke down (${error.message}): it may have had too little memory. ${takeLess}, or another --backend`;
  if (error instanceof RangeError && isTooLarge(error.message))
    return `the machine has no memory for that (${error.message}). ${takeLess}`;
  // The system refused a call: no place for a temporary file, too many open files, no more memory.
  if ('syscall' in error && 'code' in error) return `the system refused a call: ${error.message}`;
  return null;
}

const takeLess = 'Take fewer examples at a time (--batch), bounds that need less (--bounds interval)';

/** Sizes from here on cannot be the small number that a mistake of ours gets wrong. */
const large = 2 ** 28;

/** As V8 says it when it cannot, or will not, make an array that large. */
function isTooLarge(message: string): boolean {
  if (/allocation failed|Array buffer allocation|Invalid array buffer length/i.test(message)) return true;
  return Number(/^Invalid (?:typed )?array length: (\d+)$/.exec(message)?.[1] ?? 0) >= large;
}
