import type { z } from 'zod';
import { FormatError } from '../../core/errors.js';

/** Parsers of what `tool` exports. @param hint how it should have been exported */
export const partParser =
  (tool: string, hint: string) =>
  /** @throws FormatError that names the place and what is wrong there */
  <T>(schema: z.ZodType<T>, value: unknown, place: string): T => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const { path, message } = result.error.issues[0];
    throw new FormatError(`${place} is not as ${tool} exports it: ${[...path, message].join(': ')}.`, [hint]);
  };
