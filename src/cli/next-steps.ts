import type { Status } from '../pipeline/status.js';
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
