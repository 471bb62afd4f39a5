/** Every backend that dualc knows: whether it is there, how fast it is, and how to get it. */
import { type BackendName, backendNames } from '../../../runtime/backend/backend-name.ts';
import { inTemporaryFolder } from '../../../runtime/files/folders.ts';
import { canBeBuilt, setupCommandOf } from '../../../runtime/native/native-build.ts';
import type { BackendAnswer } from './answer-for-backend.ts';
import { askBackend } from './backend-process.ts';
import { compileExample, type ExampleModule } from './example-module.ts';
import type { BackendSpeed } from './measure-speed.ts';

export interface SurveyedBackend {
  readonly name: BackendName;
  /** Whether dualc computes on it. */
  readonly chosen: boolean;
  readonly loads: boolean;
  /** What it is, or why it does not load. */
  readonly about: string;
  /** What makes it load, where a command of dualc can; null for one that loads. */
  readonly command: string | null;
  readonly threads: number | null;
  /** Null when it does not load, or was not measured. */
  readonly speed: BackendSpeed | null;
}

export interface SurveyOptions {
  readonly chosen: BackendName;
  /** Whether speeds are measured, which takes two seconds for each. */
  readonly measure: boolean;
  /** Before each, with how many are done. */
  readonly onBackend?: (name: BackendName, done: number) => void;
}

/** One after the other: at the same time they would take the cores from each other. */
export async function surveyBackends(options: SurveyOptions): Promise<SurveyedBackend[]> {
  if (!options.measure) return surveyWith(null, options);
  return inTemporaryFolder(async folder => surveyWith(await compileExample(folder), options));
}

async function surveyWith(
  example: ExampleModule | null,
  { chosen, onBackend }: SurveyOptions,
): Promise<SurveyedBackend[]> {
  const found: SurveyedBackend[] = [];
  for (const name of backendNames) {
    onBackend?.(name, found.length);
    const answer = await askBackend<BackendAnswer>({ backend: name, example });
    found.push({ name, chosen: name === chosen, ...shown(name, answer) });
  }
  return found;
}

function shown(name: BackendName, answer: BackendAnswer): Omit<SurveyedBackend, 'name' | 'chosen'> {
  if ('problem' in answer)
    return { loads: false, about: answer.problem, command: commandFor[name], threads: null, speed: null };
  const { info, speed } = answer;
  return { loads: true, about: info.detail, command: null, threads: info.threads, speed };
}

const setup = (variant: 'cpu' | 'gpu'): string | null => (canBeBuilt() ? `npx ${setupCommandOf(variant)}` : null);

const commandFor: Readonly<Record<BackendName, string | null>> = {
  'native-gpu': setup('gpu'),
  native: setup('cpu'),
  // Its problem says what npm is to install.
  webgpu: null,
  wasm: null,
  cpu: null,
};
