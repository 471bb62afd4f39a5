/** The programs of the user that a setup calls. */
import { EnvironmentError } from '../../../runtime/errors.ts';
import { runProgram } from './run-program.ts';

/** Each as the words of a command. */
export interface Tools {
  readonly pip: readonly string[];
  readonly npm: readonly string[];
  readonly tar: readonly string[];
  readonly compiler: readonly string[];
}

interface Wanted {
  /** Tried in this order. */
  readonly commands: readonly (readonly string[])[];
  readonly what: string;
  readonly remedy: string;
}

/** @throws EnvironmentError that names all that is missing, and how to get it */
export async function findTools(env: NodeJS.ProcessEnv = process.env): Promise<Tools> {
  const missing: string[] = [];
  const find = async ({ commands, what, remedy }: Wanted): Promise<readonly string[]> => {
    for (const command of commands) if (await runs(command)) return command;
    missing.push(`  ${what}: ${remedy}`);
    return [];
  };
  const tools = {
    pip: await find({
      commands: [['pip'], ['pip3'], ['python3', '-m', 'pip']],
      what: 'pip, which fetches TensorFlow',
      remedy: 'neither pip, pip3 nor python3 -m pip runs; on Debian and Ubuntu: apt-get install python3-pip',
    }),
    npm: await find({
      commands: [['npm']],
      what: 'npm, which fetches the sources of the addon',
      remedy: 'it does not run; it comes with Node',
    }),
    tar: await find({ commands: [['tar']], what: 'tar, which unpacks them', remedy: 'it does not run' }),
    compiler: await find(compilers(env.CXX)),
  };
  if (missing.length === 0) return tools;
  throw new EnvironmentError(`dualc setup native needs what is not there:\n${missing.join('\n')}`);
}

/** What the user names is the only one that will do. */
function compilers(chosen: string | undefined): Wanted {
  const what = 'a C++ compiler, which builds the addon';
  const words = (chosen ?? '').split(/\s+/).filter(word => word !== '');
  if (words.length > 0) return { commands: [words], what, remedy: `${chosen}, which CXX names, does not run` };
  return {
    commands: [['g++'], ['c++'], ['clang++']],
    what,
    remedy: 'neither g++, c++ nor clang++ runs, and CXX names none; on Debian and Ubuntu: apt-get install g++',
  };
}

async function runs(command: readonly string[]): Promise<boolean> {
  return (await runProgram([...command, '--version']))?.code === 0;
}
