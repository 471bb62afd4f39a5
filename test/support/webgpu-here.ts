/** Whether tests can run on WebGPU: its packages are installed, and an adapter answers, be it one that computes on the CPU. */
import { loadWebgpu } from '../../runtime/backend/webgpu-backend.ts';

/** Why not; null when they can. Then WebGPU is the current backend. */
export async function webgpuProblem(): Promise<string | null> {
  const loaded = await loadWebgpu('this');
  return 'problem' in loaded ? loaded.problem : null;
}
