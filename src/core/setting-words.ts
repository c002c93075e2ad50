import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** What is wrong with a value, in words: `must be at least 1; got 0`. @param value as it was given */
export function issueInWords(issue: Issue, value: unknown): string {
  const got = `; got ${shown(value)}`;
  switch (issue.code) {
    case 'too_small':
      return `${boundInWords('at least', 'above', issue.minimum, issue)}${got}`;
    case 'too_big':
      return `${boundInWords('at most', 'below', issue.maximum, issue)}${got}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}${got}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}${got}`;
    case 'invalid_type':
      return `must be ${kinds[issue.expected] ?? issue.expected}${got}`;
    default:
      return `${issue.message}${got}`;
  }
}

function boundInWords(
  from: string,
  beyond: string,
  bound: number | bigint,
  { inclusive, origin }: { inclusive?: boolean; origin: string },
): string {
  if (origin === 'string') return 'must not be empty';
  return `must be ${inclusive === false ? beyond : from} ${bound}`;
}

const kinds: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  record: 'an object',
  object: 'an object',
};

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
