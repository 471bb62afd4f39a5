import type { Workers } from '../../runtime/workers/start-workers.ts';
import type { Subject } from './evaluation-subject.ts';

/** Acts with the threads that a subject asks for, which end with it; with null where this thread does all. */
export async function withWorkers<T>(
  { workers, equipment }: Subject,
  act: (workers: Workers | null) => Promise<T>,
): Promise<T> {
  if (workers === 1) return act(null);
  const { startWorkers } = await import('../../runtime/workers/start-workers.ts');
  const pool = startWorkers(equipment, workers);
  try {
    return await act(pool);
  } finally {
    await pool.close();
  }
}
