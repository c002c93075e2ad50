import { Flags } from '@oclif/core';
import { userInfo } from 'node:os';

const systemUser = (): string => {
  try {
    return userInfo().username;
  } catch {
    return 'unknown'; // no entry for this user id, as in some containers
  }
};

export const reviewerFlag = {
  reviewer: Flags.string({
    summary: 'Whose verdicts these are. [default: the system user]',
    env: 'FACESIEVE_REVIEWER',
  }),
};

export const reviewerName = (flag: string | undefined): string => flag ?? systemUser();
