/** A peer: a Python process that holds network and images, and computes when it is told to. */
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface PeerKind {
  readonly name: string;
  /** What Python imports. */
  readonly module: string;
  readonly script: string;
}

export const peerKinds: readonly PeerKind[] = [
  { name: 'convex_adversarial', module: 'convex_adversarial', script: 'convex_adversarial_peer.py' },
  { name: 'auto_LiRPA', module: 'auto_LiRPA', script: 'auto_lirpa_peer.py' },
];

/** Null when Python finds the peer and what it needs; else the last line of what Python says. */
export function whyAbsent({ module }: PeerKind, python: string): string | null {
  const { status, stderr, error } = spawnSync(python, ['-c', `import torch, safetensors, ${module}`], {
    encoding: 'utf8',
  });
  if (status === 0) return null;
  return error?.message ?? (stderr.trim().split('\n').at(-1) as string);
}

export interface Peer {
  /** J, row by row: `[batch][classes]`. */
  margins(): Promise<number[][]>;
  run(): Promise<void>;
  stop(): void;
}

interface Answer {
  readonly ready?: boolean;
  readonly margins?: number[][];
}

/** @param facts a JSON file: see `peer.py` */
export async function startPeer(
  { name, script }: PeerKind,
  python: string,
  facts: string,
  threads: number,
): Promise<Peer> {
  const child = spawn(python, [fileURLToPath(new URL(script, import.meta.url)), facts], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: String(threads), MKL_NUM_THREADS: String(threads) },
  });
  const waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
  createInterface({ input: child.stdout }).on('line', line => waiting.shift()?.resolve(JSON.parse(line) as Answer));
  child.on('close', code => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`${name} ended with ${code}`));
  });
  const answered = (): Promise<Answer> => new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  const ask = (line: string): Promise<Answer> => {
    const answer = answered();
    child.stdin.write(`${line}\n`);
    return answer;
  };
  await answered();
  return {
    margins: async () => (await ask('margins')).margins ?? [],
    run: async () => void (await ask('run')),
    stop: () => void child.kill(),
  };
}
