/** Who holds a lock, and whether that process still lives. */
import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { fileKinds } from '../files/file-kinds.ts';
import { readText } from '../files/read-file.ts';

export interface LockOwner {
  /** Of this lock alone. */
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  /** What process numbers on the same host are counted in: one start of the system, one container. Null where that is unknown. */
  readonly processes: string | null;
  /** When the process was started, in a unit of the system: numbers of processes are used again. Null where that is unknown. */
  readonly born: string | null;
  /** When it took the lock, as ISO 8601. */
  readonly since: string;
}

const owner: v.GenericSchema<unknown, LockOwner> = v.object({
  token: v.string(),
  pid: v.number(),
  host: v.string(),
  processes: v.nullable(v.string()),
  born: v.nullable(v.string()),
  since: v.string(),
});

export function thisProcess(): LockOwner {
  return {
    token: randomBytes(8).toString('hex'),
    pid: process.pid,
    host: os.hostname(),
    processes: processSpace(),
    born: lifeOf(process.pid)?.born ?? null,
    since: new Date().toISOString(),
  };
}

export const ownerFile = (lock: string): string => path.join(lock, 'owner.json');

/** Null when there is no lock, or nothing that can be read says whose it is. */
export function ownerOf(lock: string): LockOwner | null {
  try {
    const parsed = v.safeParse(
      v.pipe(v.string(), v.parseJson(), owner),
      readText(ownerFile(lock), fileKinds.runDescription),
    );
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** Null when it cannot be known from here: another machine, or another container. */
export function isAlive({ pid, host, processes, born }: LockOwner): boolean | null {
  if (host !== os.hostname() || processes !== processSpace()) return null;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Not being allowed to send a signal means that there is someone to send it to.
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
  }
  const life = lifeOf(pid);
  // A process that nobody waited for has a number still, and is dead.
  return life === null || (life.state !== 'Z' && life.state !== 'X' && (born === null || life.born === born));
}

/** `/proc/PID/stat`: number, name in brackets, state, …, the 22nd field is the start. Null where there is no /proc. */
function lifeOf(pid: number): { readonly state: string; readonly born: string } | null {
  const text = systemText(`/proc/${pid}/stat`);
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, born] = [fields[0], fields[19]];
  return state === undefined || born === undefined ? null : { state, born };
}

function processSpace(): string | null {
  const boot = systemText('/proc/sys/kernel/random/boot_id');
  if (boot === null) return null;
  try {
    return `${boot.trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return boot.trim();
  }
}

/** What the system says of itself under /proc: no files that lie on a disk, and not the user's. */
function systemText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
