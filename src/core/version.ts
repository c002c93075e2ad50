import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Version of the program, as its package.json has it. */
export const programVersion = (): string => {
  const file = resolve(import.meta.dirname, '../../package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
};
