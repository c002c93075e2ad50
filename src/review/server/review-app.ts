import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { ZodError } from 'zod';
import { ConfigError, FacesieveError, WorkspaceBusyError } from '../../core/errors.js';
import { explainSystemError } from '../../core/system-errors.js';
import type { Workspace } from '../../workspace/workspace.js';
import { AnswerDesk } from '../queries/verdict-writer.js';
import { Desk } from '../queries/review-queries.js';
import { NameConflictError } from '../../identities/names/name-actions.js';
import { type Door, guard, protect } from './guard.js';
import { pageFiles } from './page-files.js';
import { pictureRoutes } from './picture-routes.js';
import { readRoutes } from './read-routes.js';
import { writeRoutes } from './write-routes.js';

const MOST_BYTES = 16 * 1024;

/** The page, what it reads and what it stores. @throws MissingStageError when nothing was sifted yet */
export function reviewApp(workspace: Workspace, reviewer: string, door: Door): Hono {
  const desk = new Desk(workspace, reviewer);
  desk.session(); // reads the decisions now, not at the first click, and fails now when there are none
  const app = new Hono();
  app.use(protect, guard(door), bodyLimit({ maxSize: MOST_BYTES }));
  app.route('/', pageFiles());
  app.route(
    '/',
    pictureRoutes(workspace, () => desk.survey.version),
  );
  app.route('/api', readRoutes(desk));
  app.route('/api', writeRoutes(desk, new AnswerDesk(workspace.folder, reviewer)));
  app.notFound((c) => c.json({ error: 'There is nothing here.' }, 404));
  app.onError((raised, c) => {
    const error = explainSystemError(raised, { path: workspace.folder }) as Error;
    const outcome = c.req.method === 'POST' ? 'Nothing was stored. ' : '';
    if (error instanceof WorkspaceBusyError) return c.json({ error: outcome + error.message, busy: true }, 503);
    if (error instanceof ZodError) return c.json({ error: error.issues.map(({ message }) => message).join('; ') }, 400);
    if (error instanceof SyntaxError) return c.json({ error: 'That is not JSON.' }, 400);
    if (error instanceof HTTPException) return error.getResponse();
    if (error instanceof NameConflictError || error instanceof ConfigError)
      return c.json({ error: [error.message, ...error.suggestions].join(' ') }, 400);
    const told = error instanceof FacesieveError ? error.message : `Unexpected error: ${error.message}`;
    return c.json({ error: outcome + told }, 500);
  });
  return app;
}
