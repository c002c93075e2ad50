import { Errors } from '@oclif/core';
import { errorText, exitCodeOf } from './exit-codes.js';

/**
 * Ends the program with what no command of ours caught: `help` of an unknown command, a broken installation. oclif's own
 * handler would print such a message raw, what was typed included.
 */
export function endWithError(error: unknown): void {
  if (error instanceof Errors.ExitError) {
    process.exitCode = error.oclif.exit; // --help and --version end so
    return;
  }
  process.stderr.write(`${errorText(error, process.argv)}\n`);
  process.exitCode = exitCodeOf(error);
}
