import { Errors } from '@oclif/core';
import { FacesieveError, InterruptedError, UsageError } from '../core/errors.js';
import { visibleText } from '../core/text/visible-text.js';

export const exitCodes = {
  done: 0,
  gateFailed: 1,
  differs: 1,
  failed: 2,
  usage: 64,
  retry: 75,
  interrupted: 130,
} as const;

/** oclif's own parser errors carry the parse, our flags' the exit code; nothing else carries either. */
export const isUsage = (error: unknown): error is Error =>
  typeof error === 'object' &&
  error !== null &&
  (error instanceof UsageError ||
    'parse' in error ||
    (error as { oclif?: { exit?: number } }).oclif?.exit === exitCodes.usage);

export function exitCodeOf(error: unknown): number {
  if (error instanceof InterruptedError) return exitCodes.interrupted;
  return isUsage(error) ? exitCodes.usage : exitCodes.failed;
}

const suggestionsOf = (error: unknown): string[] => (error instanceof FacesieveError ? error.suggestions : []);

/** An error as `--json` shows it. @param advice what to do, where the error itself does not say it */
export function errorReport(
  error: unknown,
  advice: readonly string[] = [],
): { error: { name: string; message: string; suggestions: string[] } } {
  const { name, message } = error as Error;
  const suggestions = [...suggestionsOf(error), ...advice];
  return { error: { name: isUsage(error) ? 'UsageError' : name, message: firstParagraph(message), suggestions } };
}

/** oclif ends its parser messages with "See more help with --help". */
const firstParagraph = (message: string): string => plain(message).replace(/\nSee more help with --help$/, '');

/** Its messages on a value begin with a line of their own that names the flag. */
const plain = (message: string): string =>
  message
    .replace(/^Parsing (--\S+) \n\t(?:Expected (?=--))?/, (_, flag: string) => `${flag}: `)
    .replace(/^(--\S+): \1=/, '$1=');

/**
 * An error as a person reads it, each line escaped by `visibleText`; what nobody foresaw comes with its stack.
 * @param argv what was typed
 * @param advice what to do, where the error itself does not say it
 */
export const errorText = (error: unknown, argv: readonly string[] = [], advice: readonly string[] = []): string =>
  [...errorLines(error, argv), ...[...suggestionsOf(error), ...advice].map((suggestion) => `  → ${suggestion}`)]
    .map(visibleText)
    .join('\n');

function errorLines(error: unknown, argv: readonly string[]): string[] {
  if (error instanceof InterruptedError) return ['interrupted: run the same command again to go on where it stopped'];
  if (error instanceof FacesieveError) return [`Error: ${error.message}`];
  if (isUsage(error) || error instanceof Errors.CLIError) return usageLines((error as Error).message, argv);
  const calls = error instanceof Error ? callsOf(error) : [];
  return [`Unexpected error, please report it: ${String(error)}`, ...calls];
}

/** The calls of its stack, which begins with the message. */
const callsOf = ({ message, stack }: Error): string[] =>
  (stack?.split('\n') ?? []).filter((line) => line.startsWith('    at ') && !message.includes(line));

/** The parser's messages have several lines and quote what was given; what was given begins no line. */
function usageLines(message: string, argv: readonly string[]): string[] {
  const variables = Object.entries(process.env).flatMap(([name, value]) =>
    name.startsWith('FACESIEVE_') ? value! : [],
  );
  const given = [...argv, ...variables].flatMap((word) => [word, word.slice(word.indexOf('=') + 1)]);
  const several = given.filter((word) => word.includes('\n')).sort((a, b) => b.length - a.length);
  const joined = several.reduce((text, word) => text.replaceAll(word, word.replaceAll('\n', '\0')), plain(message));
  return `Error: ${joined}`.split('\n').map((line) => line.replaceAll('\0', '\n')); // no argument holds a \0
}
