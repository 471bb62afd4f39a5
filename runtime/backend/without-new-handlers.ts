const events = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * Runs `load` and takes back the handlers of uncaught errors that it leaves on the process. The WebAssembly module installs
 * one that throws the error again from inside a line of 60 kB, which Node then prints before any error of the program. Where
 * there is no process, as in a browser, it only runs `load`.
 */
export async function withoutNewHandlers<T>(load: () => Promise<T>): Promise<T> {
  const node: NodeJS.Process | undefined = globalThis.process;
  if (typeof node?.listeners !== 'function') return load();
  const before = new Map(events.map(event => [event, new Set(node.listeners(event as 'uncaughtException'))]));
  try {
    return await load();
  } finally {
    for (const event of events) {
      for (const listener of node.listeners(event as 'uncaughtException')) {
        if (before.get(event)?.has(listener) === false) node.off(event, listener);
      }
    }
  }
}
