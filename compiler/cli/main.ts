#!/usr/bin/env node
/** The program `dualc`. */
import { exitCodes } from './exit-codes.ts';
import { inlineLittle } from './little-inlining.ts';
import { reportError } from './report-error.ts';
import { runCommandLine } from './run-command-line.ts';
import { outputFailure, writeOutputWhole } from './whole-output.ts';

// Whoever reads the output may stop early, as `head` does; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.done);
  throw outputFailure(error);
});

const debug = process.argv.includes('--debug');
const leave = async (error: unknown): Promise<void> => process.exit(await reportError(error, { debug }));
process.on('uncaughtException', leave);
process.on('unhandledRejection', leave);

// Here, where the process is dualc's own, and before the compiler is loaded.
if (process.argv.some(argument => argument === 'compile' || argument === 'explain')) inlineLittle();

writeOutputWhole();
process.exitCode = await runCommandLine(process.argv.slice(2));
