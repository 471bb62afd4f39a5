/** What a process says of its backend, when `backend-process.ts` asks it. */
import type { BackendInfo } from '../../../runtime/backend/load-first.ts';
import { selectBackend } from '../../../runtime/backend/select-backend.ts';
import { EnvironmentError } from '../../../runtime/errors.ts';
import type { Question } from './backend-process.ts';
import { importExample } from './example-module.ts';
import { type BackendSpeed, measureSpeed } from './measure-speed.ts';

export type BackendAnswer =
  | { readonly info: BackendInfo; readonly speed: BackendSpeed | null }
  /** It does not load. */
  | { readonly problem: string };

export async function answerForBackend({ backend, example }: Question): Promise<BackendAnswer> {
  try {
    const info = await selectBackend({ prefer: backend, source: asker });
    return { info, speed: example === null ? null : await measureSpeed(await importExample(example)) };
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return { problem: error.message.replace(`${asker} asks for ${backend}: `, '') };
  }
}

const asker = 'doctor';
