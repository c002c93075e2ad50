import { Errors } from '@oclif/core';
import { explainSystemError } from '../core/system-errors.js';
import { errorText, exitCodeOf, exitCodes } from './exit-codes.js';

/**
 * Ends the program with what no command of ours caught: `help` of an unknown command, a broken installation. oclif's own
 * handler would print such a message raw, what was typed included.
 */
export function endWithError(error: unknown): void {
  if (error instanceof Errors.ExitError) {
    process.exitCode = error.oclif.exit; // --help and --version end so
    return;
  }
  const explained = explainSystemError(error);
  process.stderr.write(`${errorText(explained, process.argv)}\n`);
  process.exitCode = exitCodeOf(explained);
}

/** Streams and threads raise errors outside of any command's `await`: exit code 2, never 1, which means that a gate failed. */
export function endOnStrayErrors(): void {
  const end = (error: unknown): never => {
    try {
      endWithError(error);
    } finally {
      process.exit(exitCodes.failed);
    }
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
  process.stderr.on('error', () => undefined); // there is nowhere left to say it
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? exitCodes.done); // `facesieve ... | head` closes it early
    end(Object.assign(error, { path: 'standard output' }));
  });
}
