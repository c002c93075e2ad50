// A child of the harness: loads facesieve once and runs one command after another, with the shim's fault armed around each.
import { createRequire } from 'node:module';
import { Config, run } from '@oclif/core';
import { reuseNumber } from './reuse-number.js';
import { postVerdicts } from './review-client.js';
import { safeReplace } from './safe-replace.js';
import { startCounting, stopCounting, watch } from './shim-control.js';
import { unsafeReplace } from './unsafe-replace.js';

const root = createRequire(import.meta.url).resolve('../../package.json');
const config = await Config.load({ root });
watch(process.argv[2]);

let out = { stdout: '', stderr: '' };
const collect = (name) => (chunk, encoding, done) => {
  out[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
  const called = typeof encoding === 'function' ? encoding : done;
  called?.();
  return true;
};
process.stdout.write = collect('stdout');
process.stderr.write = collect('stderr');

let log;
let current;
function answer(code, more = {}) {
  stopCounting(log);
  const id = current;
  current = undefined;
  globalThis.gc(); // closes databases that a failed command dropped, as the end of its process would
  process.send({ id, code, ...out, ...more });
}

// What nobody catches ends a real process with exit code 1.
for (const event of ['uncaughtException', 'unhandledRejection'])
  process.on(event, (error) => {
    out.stderr += `${event}: ${error?.stack ?? error}`;
    if (current !== undefined) answer(1, { died: true });
  });

const routines = { safe: safeReplace, unsafe: unsafeReplace, 'reused number': reuseNumber };

const commands = {
  async run({ argv, fault }) {
    startCounting(fault);
    await run(argv, config);
    return { code: process.exitCode ?? 0 };
  },
  async replace({ routine, from, to, fault }) {
    startCounting(fault);
    return { code: await routines[routine](from, to) };
  },
  /** A refused verdict counts as exit code 2, and `again` is what the second try was answered. */
  async review({ argv, fault, body }) {
    const reviewing = run([...argv, '--no-open', '--json'], config);
    const armed = { before: () => startCounting(fault), after: () => stopCounting(log) };
    const [first, again] = await postVerdicts(() => out.stdout, body, armed);
    process.emit('SIGINT');
    await reviewing;
    if (first.status === 200) return { code: process.exitCode ?? 0 };
    out.stderr = `Error: ${first.text}`;
    return { code: 2, again };
  },
};

process.on('message', async (message) => {
  out = { stdout: '', stderr: '' };
  log = message.log;
  current = message.id;
  process.exitCode = undefined;
  let ended;
  try {
    ended = await commands[message.command](message);
  } catch (error) {
    out.stderr += `escaped: ${error?.stack ?? error}${error?.cause ? `, since ${error.cause.stack ?? error.cause}` : ''}`;
    ended = { code: error?.oclif?.exit ?? 1 };
  }
  process.exitCode = undefined;
  if (current === message.id) answer(ended.code, { again: ended.again });
});

process.send({ ready: true });
