/**
 * Asks a backend something in a process of its own: two libraries of TensorFlow in one process are none too many, and an addon that is
 * wrong may end the process it is loaded in.
 */
import type { BackendName } from '../../../runtime/backend/backend-name.ts';
import { howEnded, runProgram } from '../setup/run-program.ts';
import type { ExampleModule } from './example-module.ts';

/** What a process is asked. */
export interface Question {
  readonly backend: BackendName;
  /** What its speed is measured on; null: it is only loaded. */
  readonly example: ExampleModule | null;
}

const program = `
const [module, question] = process.argv.slice(1);
const { answerForBackend } = await import(module);
process.stdout.write(JSON.stringify(await answerForBackend(JSON.parse(question))));
`;

/** The answer as JSON gives it, or why there is none. */
export async function askBackend<Answer extends object>(
  question: Question,
): Promise<Answer | { readonly problem: string }> {
  const module = new URL('./answer-for-backend.js', import.meta.url).href;
  const options = ['--input-type=module', '--eval', program, '--', module, JSON.stringify(question)];
  const ended = await runProgram([process.execPath, ...options]);
  if (ended === null) return { problem: 'Node does not start' };
  if (ended.code === 0) return JSON.parse(ended.out) as Answer;
  if (ended.signal === 'SIGILL') return { problem: 'it was ended by SIGILL: TensorFlow needs a processor with AVX' };
  const error = ended.err.split('\n').find(line => /^\w*Error\b/.test(line));
  return { problem: error?.replace(/^\w*Error: /, '') ?? howEnded(ended) };
}
