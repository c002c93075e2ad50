import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { FacesieveError } from '../core/errors.js';
import type { Workspace } from '../workspace/workspace.js';
import { reviewApp } from './server/review-app.js';

/** The port that was asked for cannot be had. */
export class PortError extends FacesieveError {}

export interface ReviewServer {
  /** With the token that opens the page. */
  url: string;
  close(): Promise<void>;
}

/**
 * Serves the review page of `workspace` to this machine. Port 0 is any that is free.
 * @throws PortError, MissingStageError when nothing was sifted yet
 */
export async function serveReview(workspace: Workspace, port: number, reviewer: string): Promise<ReviewServer> {
  const token = randomBytes(24).toString('base64url');
  const portOf = (): number => (server.address() as AddressInfo).port;
  const app = reviewApp(workspace, reviewer, { token, port: portOf });
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${portOf()}/?token=${token}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program is using it',
  EACCES: 'this user may not use it',
};

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = reasons[error.code ?? ''];
      failed(
        reason
          ? new PortError(`Port ${port} of 127.0.0.1 cannot be used: ${reason}.`, [
              'Leave --port out to take any that is free, or choose another.',
            ])
          : error,
      );
    });
    server.listen(port, '127.0.0.1', done);
  });
}
