import { explainSystemError } from '../core/system-errors.js';
import { errorText, exitCodes } from './exit-codes.js';

/** Ends the process on an error that no command caught: exit code 2, never 1, which means that a gate failed. */
export function endWith(error: unknown): never {
  try {
    process.stderr.write(`${errorText(explainSystemError(error))}\n`);
  } finally {
    process.exit(exitCodes.failed);
  }
}

/** Streams and threads raise errors outside of any command's `await`. */
export function endOnStrayErrors(): void {
  process.on('uncaughtException', endWith);
  process.on('unhandledRejection', endWith);
  process.stderr.on('error', () => undefined); // there is nowhere left to say it
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? exitCodes.done); // `facesieve ... | head` closes it early
    endWith(Object.assign(error, { path: 'standard output' }));
  });
}
