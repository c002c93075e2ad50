import { Hono } from 'hono';
import { z } from 'zod';
import { inWords } from '../../identities/names/name-verdict-words.js';
import { type NameVerdict, questionOf, isIdentityName } from '../../identities/names/name-verdicts.js';
import { identityVerdictNames, verdictSchema } from '../../core/records.js';
import type { AnswerDesk } from '../queries/verdict-writer.js';
import type { SaidAnswer, TakenBackAnswer } from '../queries/api-types.js';
import { givenAnswer } from '../queries/describe-question.js';
import type { Desk } from '../queries/review-queries.js';
import type { Survey } from '../queries/survey.js';
import { nameRoutes } from './name-routes.js';

const verdictBody = z.strictObject({
  image: z.number().int(),
  verdict: verdictSchema,
  identity: z.string().max(500).optional(),
  /** Of `wrong-face`: the number of the face that is meant, from 1. */
  faceNumber: z.number().int().min(1).optional(),
});
const identityBody = z.strictObject({ identity: z.string(), verdict: z.enum(identityVerdictNames).nullable() });
const undoBody = z.strictObject({ several: z.boolean().default(false) });

/** The question of the current run that one of the verdicts answered. */
function questionAbout({ nameQuestions }: Survey, verdicts: readonly NameVerdict[]): string | null {
  const questions = new Set(verdicts.map(questionOf));
  return nameQuestions.find(({ question }) => questions.has(question))?.key ?? null;
}

/** What a person says, stored before it is answered. */
export function writeRoutes(desk: Desk, answers: AnswerDesk): Hono {
  const app = new Hono();
  const said = (): SaidAnswer => {
    const { decisions, severalPeople, names, final } = desk.session();
    return { decisions, severalPeople, names, final };
  };

  app.post('/verdicts', async (c) => {
    const { image, verdict, identity, faceNumber } = verdictBody.parse(await c.req.json());
    const head = desk.survey.byId.get(image);
    if (!head) return c.json({ error: 'There is no such image.' }, 404);
    const target = verdict === 'relabel' ? (identity?.trim() ?? '') : null;
    if (target !== null && !isIdentityName(target))
      return c.json({ error: 'An image can be given to a name without slashes.' }, 400);
    if (target === head.identity) return c.json({ error: `It is called ${target} already: keep it instead.` }, 400);
    const chooses = verdict === 'wrong-face';
    if (chooses !== (faceNumber !== undefined) || (chooses && faceNumber! > desk.facesOf(head.path)))
      return c.json(
        { error: `A wrong face goes with the number of one of its ${desk.facesOf(head.path)} faces.` },
        400,
      );
    await answers.answer(head.path, verdict, target, chooses ? faceNumber! - 1 : undefined);
    return c.json(said());
  });

  app.post('/identity-verdicts', async (c) => {
    const { identity, verdict } = identityBody.parse(await c.req.json());
    if (!desk.survey.byIdentity.has(identity)) return c.json({ error: 'There is no such identity.' }, 404);
    await answers.answerIdentity(identity, verdict);
    return c.json(said());
  });

  app.post('/undo', async (c) => {
    const { several } = undoBody.parse(await c.req.json());
    const taken = await answers.takeBack(several ? Infinity : 1);
    const { survey } = desk;
    const first = taken?.paths.map((path) => survey.byPath.get(path)).find((head) => head !== undefined);
    const { names: nameProgress, ...progress } = said();
    const answer: TakenBackAnswer = {
      ...progress,
      nameProgress,
      names: (taken?.names ?? []).map(inWords),
      nameQuestion: questionAbout(survey, taken?.names ?? []),
      identity: taken?.identity ?? first?.identity ?? null,
      image: first?.id ?? null,
      verdict: first ? givenAnswer(survey, first) : null,
      shown: first ? desk.shown(first) : null,
      images: taken?.paths.length ?? 0,
      done: taken?.done ?? false,
    };
    return c.json(answer);
  });
  app.route('/', nameRoutes(desk, answers, said));
  return app;
}
