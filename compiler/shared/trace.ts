/** Named snapshots of a compilation: what `--dump` writes and `--print` shows. */
export interface Trace {
  /** File names sort in the order of the pipeline: `20-graph.txt`. */
  record(name: string, text: () => string): void;
}

export interface RecordingTrace extends Trace {
  readonly snapshots: ReadonlyMap<string, string>;
}

export const silentTrace: Trace = { record: () => {} };

export function recordingTrace(): RecordingTrace {
  const snapshots = new Map<string, string>();
  return { snapshots, record: (name, text) => void snapshots.set(name, text()) };
}
