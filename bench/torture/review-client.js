import { setTimeout } from 'node:timers/promises';

/** The link that `review --json` prints, as soon as it is there. */
async function link(stdout) {
  for (let tries = 0; tries < 500; tries++) {
    const at = stdout().lastIndexOf('}\n');
    if (at >= 0) return new URL(JSON.parse(stdout().slice(stdout().indexOf('{'), at + 1)).url);
    await setTimeout(10);
  }
  throw new Error(`review printed no link: ${stdout()}`);
}

/**
 * Opens the page, gives one verdict between `before` and `after`, and gives it again when it was refused. Returns the
 * status and the message of each answer.
 */
export async function postVerdicts(stdout, body, { before, after }) {
  const url = await link(stdout);
  const page = await fetch(url, { headers: { Connection: 'close' } });
  const cookie = page.headers.get('set-cookie').split(';')[0];
  await page.text();
  const post = async () => {
    const response = await fetch(new URL('/api/verdicts', url), {
      method: 'POST',
      headers: { cookie, origin: url.origin, 'Content-Type': 'application/json', Connection: 'close' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, text: response.ok ? text : (JSON.parse(text).error ?? text) };
  };
  before();
  const answers = [await post()];
  after();
  if (answers[0].status !== 200) answers.push(await post());
  return answers;
}
