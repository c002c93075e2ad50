import { suggestName } from '../core/nearest-name.js';
import type { KnownCommand } from './advice.js';

const OPTION = /Expected --\S+?=(.*) to be .*one of: (.*?)(?:\n|$)/s;

/** What to type instead, for an error of oclif's parser or of a flag of ours. */
export function usageAdvice(error: Error, command: string, known: readonly KnownCommand[]): string[] {
  const { flags, args, message } = error as Error & { flags?: unknown; args?: unknown };
  if (/^Nonexistent flag/.test(message) && Array.isArray(flags))
    return flags.flatMap((flag) => flagAdvice(String(flag), command, known));
  if (/^Unexpected argument/.test(message) && Array.isArray(args))
    return ['A path or a name with blanks needs quotes: "Ada Lovelace/003.jpg"'];
  const option = OPTION.exec(message);
  if (!option) return [];
  const [, typed, values] = option;
  const prefixed = /^(.+):(pretrained|insightface)$/.exec(typed); // the two halves the wrong way round
  return prefixed ? [`Did you mean "${prefixed[2]}:${prefixed[1]}"?`] : suggestName(typed, values.split(', '));
}

function flagAdvice(typed: string, command: string, known: readonly KnownCommand[]): string[] {
  const own = (known.find(({ id }) => id === command)?.flags ?? []).map((flag) => `--${flag}`);
  const name = typed.replace(/=.*$/s, '').toLowerCase().replaceAll('_', '-');
  const elsewhere = known.filter(({ flags }) => flags.includes(name.replace(/^-+/, ''))).map(({ id }) => id);
  if (own.includes(name)) return [`Did you mean "${name}"?`];
  if (elsewhere.length > 0) return [`"${name}" is a flag of facesieve ${elsewhere.slice(0, 3).join(', facesieve ')}.`];
  return suggestName(name, own);
}
