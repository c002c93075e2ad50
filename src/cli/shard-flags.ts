import { Flags } from '@oclif/core';
import { FacesieveError, InterruptedError, WorkspaceBusyError } from '../core/errors.js';
import { SystemError } from '../core/system-errors.js';
import { NotYetError } from '../shards/errors.js';
import { exitCodes, isUsage } from './exit-codes.js';

export const exchangeFlag = {
  exchange: Flags.string({
    summary: 'Folder for the plan and the parts, which all machines see.',
    helpValue: 'DIR',
    required: true,
  }),
};

/**
 * What a scheduler is told of a task that failed: 75 when the same task may succeed later or on another machine, 64 when trying
 * again changes nothing.
 */
export function taskExitCode(error: unknown): number {
  const mayPass = [InterruptedError, NotYetError, WorkspaceBusyError, SystemError];
  if (mayPass.some((kind) => error instanceof kind)) return exitCodes.retry;
  return isUsage(error) || error instanceof FacesieveError ? exitCodes.usage : exitCodes.failed;
}
