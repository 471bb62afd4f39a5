/** Whether tests can run on WebGPU: its packages are installed, and an adapter answers, be it one that computes on the CPU. */
import { loadWebgpu } from '../../runtime/backend/webgpu-backend.ts';

/** Why not; null when they can. Then WebGPU is the current backend. */
export async function webgpuProblem(): Promise<string | null> {
  const loaded = await loadWebgpu('this');
  return 'problem' in loaded ? loaded.problem : null;
}

/** Why tests that need it are skipped; null when they are not. In other modes nothing is loaded: their tests share processes. */
export const whyNoWebgpu = async (): Promise<string | null> =>
  process.env.DUALC_TEST_BACKEND === 'webgpu' ? webgpuProblem() : 'npm run test:webgpu runs them';
