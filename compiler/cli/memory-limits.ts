/** How much memory there is: what was asked for, what the machine has, what the backend can address. */

import os from 'node:os';
import { wasmMemoryLimit } from '../../runtime/backend/wasm-memory.ts';
import type { ModelMeta, ScheduleMeta } from '../../runtime/contract.ts';
import { EnvironmentError, InputError } from '../../runtime/errors.ts';
import { counted } from '../../runtime/report/counted.ts';
import { printBytes } from '../../runtime/report/print-bytes.ts';
import type { TrainSettings } from '../../runtime/train/train-settings.ts';

export interface MemoryLimit {
  /** For one worker. */
  readonly bytes: number;
  /** `the 1 GiB of --memory`. */
  readonly what: string;
  /** Whether the user set it: then it is not the machine that is at fault. */
  readonly asked: boolean;
  /** Whether it holds for the tensors alone, not for the whole process. */
  readonly tensorsOnly: boolean;
  /** How many there are of them. */
  readonly workers: number;
}

/** The smallest of what holds for one of `workers` that share a machine: `asked`, by `--memory`, is that of all together. */
export function memoryLimit(asked: number | undefined, backend: string, workers: number): MemoryLimit {
  const machine = Math.min(os.totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  const share = (bytes: number): string =>
    workers === 1 ? '' : `, ${printBytes(bytes / workers)} for each of ${workers} workers`;
  const limits: readonly MemoryLimit[] = [
    ...(asked === undefined
      ? []
      : [
          {
            bytes: asked / workers,
            what: `the ${printBytes(asked)} of --memory${share(asked)}`,
            asked: true,
            tensorsOnly: false,
            workers,
          },
        ]),
    ...(backend === 'wasm'
      ? [
          {
            bytes: wasmMemoryLimit,
            what: `the ${printBytes(wasmMemoryLimit)} that WebAssembly can address`,
            asked: false,
            tensorsOnly: true,
            workers,
          },
        ]
      : []),
    {
      bytes: machine / workers,
      what: `the ${printBytes(machine)} that this machine has${share(machine)}`,
      asked: false,
      tensorsOnly: false,
      workers,
    },
  ];
  return limits.reduce((least, limit) => (limit.bytes < least.bytes ? limit : least));
}

/** The error of a limit that is exceeded: the input's fault when the limit was asked for, else the machine's. */
export const exceeded = (limit: MemoryLimit, text: string): Error =>
  limit.asked ? new InputError(text) : new EnvironmentError(text);

/** Raises `InputError` or `EnvironmentError` when the tensors of a single example exceed a limit. */
export function refuseLarge({ fixedBytes, bytesPerExample }: ScheduleMeta, limit: MemoryLimit): void {
  const single = fixedBytes + bytesPerExample;
  if (single <= limit.bytes) return;
  const advice = limit.asked ? 'give it more, or choose bounds that need less' : 'choose bounds that need less';
  throw exceeded(
    limit,
    `one example needs ${printBytes(single)} of tensors, more than ${limit.what}: ${advice} (--bounds interval)`,
  );
}

export interface StepMemory {
  /** Whatever the batch: parameters, what the optimizer keeps of them, and the tensors that do not grow with it. */
  readonly fixedBytes: number;
  readonly bytesPerExample: number;
}

/** What a training step on `batch` examples takes, of several schedules the largest. */
export function stepMemory(
  metas: readonly ModelMeta[],
  optimizer: TrainSettings['optimizer'],
  batch: number,
): StepMemory {
  const sizes = metas.map(({ parameters, train }) => {
    const numbers = parameters.reduce((sum, { shape }) => sum + shape.reduce((product, dim) => product * dim, 1), 0);
    // Parameters, moments, the gradient of the natural loss, and one of them that is being replaced. That of the robust loss is among the tensors.
    const copies = optimizer.kind === 'adam' ? 5 : 4;
    return { fixedBytes: 4 * copies * numbers + train.fixedBytes, bytesPerExample: train.bytesPerExample };
  });
  const bytes = (size: StepMemory): number => size.fixedBytes + batch * size.bytesPerExample;
  return sizes.reduce((largest, size) => (bytes(size) > bytes(largest) ? size : largest));
}

/** Allocators and kernels take some memory beside the tensors that are planned: 4 % of these in a step of the large network. */
const aroundTensors = 1.1;

/**
 * Why a step on a batch does not fit, and what to do; null when it fits. `resident` is what the process takes already. Several workers
 * have a share of the batch each, and are taken to be as large as this process.
 */
export function stepProblem(memory: StepMemory, batch: number, limit: MemoryLimit, resident: number): string | null {
  const { workers } = limit;
  const shard = Math.ceil(batch / workers);
  const needed = aroundTensors * (memory.fixedBytes + shard * memory.bytesPerExample);
  const taken = limit.tensorsOnly ? 0 : resident;
  if (needed + taken <= limit.bytes) return null;
  const beside = taken === 0 ? '' : ` beside the ${printBytes(taken)} that the program takes`;
  const shared = workers === 1 ? '' : ` by ${workers} workers`;
  const figures = `a step on ${counted(batch, 'example')}${shared} needs up to ${printBytes(needed)} for tensors${workers === 1 ? '' : ' in each'}${beside}, more than ${limit.what}`;
  const fits = Math.floor(((limit.bytes - taken) / aroundTensors - memory.fixedBytes) / memory.bytesPerExample);
  const more = limit.asked ? [`--memory ${Math.ceil((workers * (needed + taken)) / 1e6)}MB`] : [];
  if (fits >= 1) {
    const ways = [...more, `--batch ${workers * fits}`].join(' or ');
    return `${figures}: ${ways} would do. (The batch is part of what is learnt, so it is not made smaller unasked.)`;
  }
  const ways = [...more, 'bounds that need less (--bounds interval needs the least)', 'a smaller network'].join(
    ', or ',
  );
  return `${figures}, and a single example does not fit either: take ${ways}`;
}
