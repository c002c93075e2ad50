import { FacesieveError, InterruptedError } from '../core/errors.js';

export const exitCodes = { done: 0, gateFailed: 1, differs: 1, failed: 2, usage: 64, interrupted: 130 } as const;

/** oclif's own parser errors carry the parse, our flags' the exit code; nothing else carries either. */
const isUsage = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  ('parse' in error || (error as { oclif?: { exit?: number } }).oclif?.exit === exitCodes.usage);

export function exitCodeOf(error: unknown): number {
  if (error instanceof InterruptedError) return exitCodes.interrupted;
  return isUsage(error) ? exitCodes.usage : exitCodes.failed;
}

/** An error as `--json` shows it. */
export function errorReport(error: unknown): { error: { name: string; message: string; suggestions: string[] } } {
  const { name, message } = error as Error;
  const suggestions = error instanceof FacesieveError ? error.suggestions : [];
  return { error: { name: isUsage(error) ? 'UsageError' : name, message: firstParagraph(message), suggestions } };
}

/** oclif ends its parser messages with "See more help with --help". */
const firstParagraph = (message: string): string => message.replace(/\nSee more help with --help$/, '');

/** An error as a person reads it; what nobody foresaw comes with its stack. */
export function errorText(error: unknown): string {
  if (error instanceof InterruptedError) return 'interrupted: run the same command again to go on where it stopped';
  if (isUsage(error)) return `Error: ${(error as Error).message}`;
  if (error instanceof FacesieveError)
    return [`Error: ${error.message}`, ...error.suggestions.map((suggestion) => `  → ${suggestion}`)].join('\n');
  return `Unexpected error, please report it: ${(error as Error).stack ?? String(error)}`;
}
