import type { Status } from '../pipeline/status.js';
import { resolve } from 'node:path';
import { shellWord } from '../core/text/visible-text.js';

/** The last lines of a long command: what to do now, as commands. */
export const nextSteps = ({ next, further }: Pick<Status, 'next' | 'further'>): string[] => [
  `next: ${next}`,
  ...further.map((command) => `      ${command}`),
];

const USUAL = '.facesieve';

/** ` -w DIR`, unless a command finds the workspace without it. */
export const workspaceOption = (folder: string): string =>
  folder === (process.env.FACESIEVE_WORKSPACE ?? USUAL) ? '' : ` -w ${shellWord(folder)}`;

/**
 * A command as it was typed, to be given again anywhere: the paths among its words made whole, without what only says how
 * its result is printed. The workspace is left out too: {@link workspaceOption} adds it.
 */
export function commandAgain(command: string, argv: readonly string[], paths: readonly (string | undefined)[]): string {
  const words = argv.flatMap((word, i) => {
    if (/^(-w|--workspace|--json|--quiet)(=|$)/.test(word) || /^(-w|--workspace)$/.test(argv[i - 1] ?? '')) return [];
    return paths.includes(word) ? [resolve(word)] : [word];
  });
  return [command, ...words.map(shellWord)].join(' ');
}
