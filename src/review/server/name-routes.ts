import { Hono } from 'hono';
import { z } from 'zod';
import type { AnswerDesk } from '../queries/verdict-writer.js';
import type { SaidAnswer } from '../queries/api-types.js';
import type { Desk } from '../queries/review-queries.js';
import { answerVerdict } from '../queries/name-questions.js';

const nameBody = z.strictObject({
  key: z.string().max(40),
  answer: z.enum(['one-person', 'different']),
  /** Ids of images and the person each goes to, by its place, from 0. */
  moves: z.array(z.tuple([z.number().int(), z.number().int().min(0)])).default([]),
  /** Of dropped images: who it is. */
  name: z.string().trim().max(500).optional(),
});
/** Answers to questions about names. @param said what the page is told afterwards */
export function nameRoutes(desk: Desk, answers: AnswerDesk, said: () => SaidAnswer): Hono {
  const app = new Hono();
  app.post('/name-verdicts', async (c) => {
    const { key, answer, moves, name } = nameBody.parse(await c.req.json());
    const { survey } = desk;
    const asked = survey.nameQuestions.find((one) => one.key === key);
    if (!asked) return c.json({ error: 'There is no such question about names any more.' }, 404);
    const moved = new Map(
      moves.flatMap(([id, to]) => {
        const path = survey.byId.get(id)?.path;
        return path === undefined ? [] : [[path, to] as const];
      }),
    );
    await answers.answerNames(answerVerdict(survey.found, survey, asked, { answer, moved, name }));
    return c.json(said());
  });
  return app;
}
