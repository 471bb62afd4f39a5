/** Progress with the time left: a bar on a terminal, lines elsewhere. */
import { MultiBar } from 'cli-progress';

export interface Progress {
  /** `done` of the total; `text` says how it goes. */
  update(done: number, text: string): void;
  /** A line that stays: on a terminal above the bar. */
  line(text: string): void;
  stop(): void;
}

export interface ProgressOptions {
  readonly stream: NodeJS.WriteStream;
  readonly total: number;
  /** What is counted, `steps` or `examples`. */
  readonly unit: string;
  /** Done before this run began; not counted into the rate. */
  readonly start?: number;
  /** Elsewhere than on a terminal: seconds between lines of `update`; infinity prints none. */
  readonly lineSeconds?: number;
}

/** Writes nothing until the first call. */
export function createProgress(options: ProgressOptions): Progress {
  return options.stream.isTTY ? barOn(options) : linesOn(options);
}

/** `95 s`, `12 min`, `3 h 05 min`: how people say a time left. */
export function describeSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'unknown';
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** Seconds to go at the mean rate since the first update. */
function remaining({ total, start = 0 }: ProgressOptions): (done: number) => number {
  const began = performance.now();
  return done => (((performance.now() - began) / 1000) * (total - done)) / Math.max(done - start, 0);
}

function barOn(options: ProgressOptions): Progress {
  const eta = remaining(options);
  const bars = new MultiBar({
    stream: options.stream,
    format: `{bar} {value}/{total} ${options.unit}, {left} left, {text}`,
    hideCursor: true,
    clearOnComplete: true,
    noTTYOutput: false,
    barsize: 24,
  });
  const bar = bars.create(options.total, options.start ?? 0, { text: '', left: 'unknown' });
  return {
    update: (done, text) => bar.update(done, { text, left: describeSeconds(eta(done)) }),
    line(text) {
      bars.log(`${text}\n`);
      bars.update();
    },
    stop: () => bars.stop(),
  };
}

function linesOn(options: ProgressOptions): Progress {
  const eta = remaining(options);
  const interval = 1000 * (options.lineSeconds ?? Number.POSITIVE_INFINITY);
  let last = performance.now();
  return {
    update(done, text) {
      if (performance.now() - last < interval) return;
      last = performance.now();
      options.stream.write(`${done}/${options.total} ${options.unit}, ${describeSeconds(eta(done))} left, ${text}\n`);
    },
    line: text => void options.stream.write(`${text}\n`),
    stop() {},
  };
}
