import { z } from 'zod';

/** What says in a list of pairs whether two are the same person. */
export const sameMeanings: Readonly<Record<string, boolean | undefined>> = {
  ...{ '1': true, '1.0': true, true: true, yes: true, same: true, match: true, genuine: true },
  ...{
    '0': false,
    '0.0': false,
    '-1': false,
    false: false,
    no: false,
    diff: false,
    different: false,
    mismatch: false,
    impostor: false,
  },
};

/** The column that says whether two are the same person. */
export const sameColumn = z
  .string()
  .transform((text) => text.trim().toLowerCase())
  .refine((text) => text in sameMeanings, 'must be 1, 0, true or false')
  .transform((text) => sameMeanings[text] === true);
