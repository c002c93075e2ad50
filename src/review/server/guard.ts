import { timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

export interface Door {
  /** Of this run of the server alone. */
  token: string;
  port: () => number;
}

/** Nothing but the page's own files and pictures, and nobody may frame it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every answer, refusals included. */
export const protect: MiddlewareHandler = async (c, next) => {
  await next();
  c.header('Content-Security-Policy', policy);
  c.header('X-Content-Type-Options', 'nosniff');
  c.header('Referrer-Policy', 'no-referrer');
  c.header('Cross-Origin-Resource-Policy', 'same-origin');
  c.header('Cross-Origin-Opener-Policy', 'same-origin');
  if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
};

/**
 * Lets in who asks this very address (a page of another site that has pointed its name here asks for that name), comes from
 * this page or from the address bar, and carries the token: in the link that was printed, then in a cookie.
 */
export const guard =
  ({ token, port }: Door): MiddlewareHandler =>
  async (c, next) => {
    const host = c.req.header('host') ?? '';
    if (host !== `127.0.0.1:${port()}` && host !== `localhost:${port()}`)
      return refuse(c, 403, 'This is not the address.');
    if (!comesFromHere(c, host)) return refuse(c, 403, 'This came from another page.');
    const cookie = `facesieve-review-${port()}`; // cookies know no ports: two servers must not overwrite each other's
    const shown = c.req.path === '/' ? c.req.query('token') : undefined;
    if (!sameText(shown ?? getCookie(c, cookie) ?? '', token))
      return refuse(c, 401, 'Open the link that `facesieve review` printed: it carries the key to this page.');
    if (shown !== undefined) setCookie(c, cookie, token, { httpOnly: true, sameSite: 'Strict', path: '/' });
    return next();
  };

/** Browsers say where a request comes from; what changes something must say so. */
function comesFromHere(c: Context, host: string): boolean {
  const origin = c.req.header('origin');
  const site = c.req.header('sec-fetch-site');
  const reads = c.req.method === 'GET' || c.req.method === 'HEAD';
  if (origin !== undefined && origin !== `http://${host}`) return false;
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isOpening(c)) return false;
  return reads || origin !== undefined;
}

/** A link to the page that was clicked elsewhere, such as in a terminal in the browser: it shows nothing to that page. */
const isOpening = (c: Context): boolean =>
  c.req.method === 'GET' && c.req.path === '/' && c.req.header('sec-fetch-mode') === 'navigate';

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

const refuse = (c: Context, status: 401 | 403, error: string): Response =>
  c.req.path === '/' ? c.text(error, status) : c.json({ error }, status);
