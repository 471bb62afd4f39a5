/** Lets other work of the thread run: signals and timers in Node, painting and messages in a browser. */

/** Node's; a timer of 0 ms would take four times a small batch in a browser, where nested ones are held back. */
const { setImmediate } = globalThis as { setImmediate?: (act: () => void) => unknown };

/** Resolves in a later turn of the event loop, after all that waits already. */
export function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    if (setImmediate !== undefined) return void setImmediate(resolve);
    const { port1, port2 } = new MessageChannel();
    const done = (): void => {
      port1.close();
      resolve();
    };
    Object.assign(port1, { onmessage: done });
    port2.postMessage(null);
  });
}
