import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReviewServer, serveReview } from '../../src/review/serve-review.js';
import { currentVerdicts } from '../../src/workspace/verdicts.js';
import { lookIntoWorkspace, type Workspace } from '../../src/workspace/workspace.js';
import { longLivedFolder } from '../helpers/tiny-crawl.js';
import { drawnWorkspace } from '../helpers/drawn-workspace.js';

let workspace: Workspace;
let server: ReviewServer;
let port: number;
let token: string;
let cookie: string;

beforeAll(async () => {
  const folder = longLivedFolder();
  drawnWorkspace(folder);
  workspace = lookIntoWorkspace(folder);
  server = await serveReview(workspace, 0, 'ada');
  const url = new URL(server.url);
  port = Number(url.port);
  token = url.searchParams.get('token')!;
  cookie = `facesieve-review-${port}=${token}`;
});

afterAll(async () => {
  await server.close();
  workspace.close();
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** A request as it is written: nothing is tidied up on the way, unlike fetch. */
function send(path: string, headers: Record<string, string> = {}, method = 'GET', body?: unknown): Promise<Answer> {
  return new Promise((done, failed) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => done({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(parts) }));
    });
    sent.on('error', failed);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const origin = () => ({ origin: `http://127.0.0.1:${port}` });
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  send(path, { cookie, ...origin(), 'content-type': 'application/json', ...headers }, 'POST', body);
const said = () => currentVerdicts(workspace).size;

describe('the door', () => {
  it('opens with the printed link, then with a cookie that no script and no other site gets', async () => {
    const page = await send(`/?token=${token}`);
    expect(page.status).toBe(200);
    expect(page.headers['set-cookie']).toEqual([`${cookie}; Path=/; HttpOnly; SameSite=Strict`]);
    expect((await send('/', { cookie })).status).toBe(200);
    expect((await send('/', { cookie, host: `localhost:${port}` })).status).toBe(200);
  });

  it('lets pages load nothing but their own files, and is framed by nobody', async () => {
    for (const path of ['/', '/review.js', '/api/session', '/nothing']) {
      const { headers } = await send(path, { cookie });
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|data:|https?:/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
    }
    const page = (await send('/', { cookie })).body.toString();
    expect(page).not.toMatch(/<style|style=|<script(?! type="module" src=)|\son[a-z]+=/);
  });

  it.each([
    ['no token', '/', {}, 401],
    ['no token, of the API', '/api/session', {}, 401],
    ['no token, of a face', '/faces/0', {}, 401],
    ['no token, of a script', '/review.js', {}, 401],
    ['a wrong token', '/?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', {}, 401],
    ['a wrong token beside the right cookie', '/?token=A', 'cookie', 401],
    ['a wrong cookie', '/api/session', { cookie: 'facesieve-review=1' }, 401],
    ['a token where a cookie is due', '/api/session?token=TOKEN', {}, 401],
    ['a name that was pointed here (DNS rebinding)', '/api/session', { host: 'evil.example' }, 403],
    ['the same with our port', '/api/session', { host: 'evil.example:PORT' }, 403],
    ['a name that begins like ours', '/api/session', { host: '127.0.0.1.evil.example:PORT' }, 403],
    ['another port', '/api/session', { host: '127.0.0.1:1' }, 403],
    ['a page of another site', '/api/session', { origin: 'https://evil.example' }, 403],
    ['another server on this machine', '/faces/0', { 'sec-fetch-site': 'same-site' }, 403],
    ['a picture in another site', '/faces/0', { 'sec-fetch-site': 'cross-site' }, 403],
  ])('is closed to %s', async (_, path, headers, status) => {
    const filled = (text: string): string => text.replace('PORT', String(port)).replace('TOKEN', token);
    const theirs = headers === 'cookie' ? { cookie } : headers;
    const own = status === 403 ? { cookie } : {};
    const sent = Object.entries({ ...own, ...theirs }).map(([name, value]) => [name, filled(value)]);
    expect((await send(filled(path), Object.fromEntries(sent) as Record<string, string>)).status).toBe(status);
  });

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another server on this machine', { origin: 'http://127.0.0.1:1' }],
    ['nowhere', { origin: 'null' }],
  ])('takes no verdict from %s', async (_, headers) => {
    expect((await post('/api/verdicts', { image: 1, verdict: 'drop' }, headers)).status).toBe(403);
    expect((await post('/api/undo', {}, headers)).status).toBe(403);
    expect(said()).toBe(0);
  });

  it('takes no verdict that does not say where it comes from, and none without the token', async () => {
    const body = { image: 1, verdict: 'drop' };
    expect((await send('/api/verdicts', { cookie }, 'POST', body)).status).toBe(403);
    expect((await send('/api/verdicts', origin(), 'POST', body)).status).toBe(401);
    expect(said()).toBe(0);
  });
});

describe('what is asked for', () => {
  it.each(['GET', 'HEAD'])('%s of what the database does not know is not found', async (method) => {
    for (const path of ['/faces/999999', '/photos/999999', '/faces/x', '/faces/-1', '/faces/1e3', '/nothing', '/api/x'])
      expect((await send(path, { cookie }, method)).status, path).toBe(404);
    expect((await send('/api/identity?name=Nobody', { cookie }, method)).status).toBe(404);
  });

  it.each([
    '/faces/../../facesieve.db',
    '/faces/..%2f..%2ffacesieve.db',
    '/faces/0/../../../../../../etc/passwd',
    '/faces/0%2f..%2f..',
    '/photos/..%2f..%2fetc%2fpasswd',
    '/../package.json',
    '/..%2fserve-review.js',
    '/review.js%00.html',
    '//etc/passwd',
  ])('%s leads nowhere', async (path) => {
    const { status, body } = await send(path, { cookie });
    expect(status).toBe(404);
    expect(body.toString()).toContain('error');
  });

  it('a face is a picture that only this browser keeps', async () => {
    const { status, headers, body } = await send('/faces/0', { cookie });
    expect([status, headers['content-type']]).toEqual([200, 'image/jpeg']);
    expect(headers['cache-control']).toMatch(/^private,/);
    expect(body.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  });

  it('decisions come in stretches, the most doubtful identity first', async () => {
    const ask = async (path: string) => JSON.parse((await send(path, { cookie })).body.toString());
    const { total, items } = await ask('/api/identities?limit=2');
    expect([total, items.length]).toEqual([3, 2]);
    expect(items.map(({ name }: { name: string }) => name)).toEqual(['C', 'B']);
    const screen = await ask('/api/identity?name=C&limit=2&offset=1');
    expect([screen.total, screen.questions.length, screen.previous, screen.next]).toEqual([6, 2, null, 'B']);
    const doubts = (await ask('/api/identity?name=C')).questions.map(({ pNoise }: { pNoise: number }) => pNoise);
    expect(doubts).toEqual([...doubts].sort((a, b) => b - a));
    expect((await ask('/api/names?typed=b')).items.map(({ name }: { name: string }) => name)).toEqual(['B']);
  });
});

describe('what is said', () => {
  it.each([
    ['no such verdict', { image: 1, verdict: 'maybe' }, 400],
    ['an image that is none', { image: 999, verdict: 'drop' }, 404],
    ['an image by its path', { image: '../a', verdict: 'drop' }, 400],
    ['something more', { image: 1, verdict: 'drop', path: '/etc/passwd' }, 400],
    ['a name that leads out', { image: 1, verdict: 'relabel', identity: '../x' }, 400],
    ['no name', { image: 1, verdict: 'relabel' }, 400],
    ['the name it has', { image: 1, verdict: 'relabel', identity: 'A' }, 400],
  ])('is refused when it is %s', async (_, body, status) => {
    expect((await post('/api/verdicts', body)).status).toBe(status);
    expect(said()).toBe(0);
  });

  it('is refused when it is no JSON, or too much of it', async () => {
    const { status } = await send('/api/verdicts', { cookie, ...origin() }, 'POST');
    expect(status).toBe(400);
    expect((await post('/api/verdicts', { image: 1, verdict: 'x'.repeat(20_000) })).status).toBe(413);
  });

  it('is stored with name and time before it is answered, also under a new name', async () => {
    const before = Date.now();
    expect((await post('/api/verdicts', { image: 1, verdict: 'relabel', identity: ' Zoë ' })).status).toBe(200);
    const [given] = currentVerdicts(workspace).values();
    expect(given).toMatchObject({ verdict: 'relabel', identity: 'Zoë', reviewer: 'ada' });
    expect(Date.parse(given.givenAt)).toBeGreaterThan(before - 1000); // SQLite rounds
    expect(Date.parse(given.givenAt)).toBeLessThanOrEqual(Date.now() + 1);
    const { items } = JSON.parse((await send('/api/names?typed=zoe', { cookie })).body.toString());
    expect(items).toMatchObject([{ name: 'Zoë', images: 0 }]);
  });
});
