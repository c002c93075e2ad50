import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { Desk } from '../queries/review-queries.js';
import { questionFilterSchema } from '../queries/question-order.js';

const whole = (standard: number, most: number) => z.coerce.number().int().min(0).max(most).default(standard);
const stretchSchema = z.object({ offset: whole(0, 1e9), limit: whole(60, 200) });
const screenSchema = questionFilterSchema.extend(stretchSchema.shape);

/** What the page asks for, a stretch at a time. */
export function readRoutes(desk: Desk): Hono {
  const app = new Hono();
  app.get('/session', (c) => c.json(desk.session()));
  app.get('/resume', (c) => c.json({ identity: desk.resume(asked(c, questionFilterSchema)) }));
  app.get('/identities', (c) => {
    const query = asked(c, screenSchema);
    return c.json(desk.identities(query, query));
  });
  app.get('/name-questions', (c) => c.json(desk.nameQuestions()));
  app.get('/name-question', (c) => {
    const { key } = asked(c, z.object({ key: z.string().max(40) }));
    const answer = desk.nameQuestion(key);
    return answer ? c.json(answer) : c.json({ error: desk.whyNoQuestion() }, 404);
  });
  app.get('/identity', (c) => {
    const query = asked(c, screenSchema.extend({ name: z.string() }));
    const answer = desk.identity(query.name, query, query);
    return answer ? c.json(answer) : c.json({ error: `There is no identity "${query.name}".` }, 404);
  });
  app.get('/names', (c) => c.json(desk.names(asked(c, z.object({ typed: z.string().max(200).default('') })).typed)));
  return app;
}

/** @throws ZodError, which the server answers with 400 */
const asked = <T extends z.ZodType>(c: Context, schema: T): z.output<T> => schema.parse(c.req.query());
