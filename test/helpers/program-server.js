/**
 * Runs the built program's commands one after another, in one process: a line in the pipe argv[2] asks with the arguments as
 * JSON, a line in the pipe argv[3] answers with the exit code. What is printed goes to stdout and stderr, which are files.
 */
import { openSync, readSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Config, run } from '@oclif/core';
import { endOnStrayErrors, endWithError } from '../../dist/cli/end-with-error.js';

const [questions, answers] = [openSync(process.argv[2], 'r'), openSync(process.argv[3], 'w')];
const answer = (value) => writeSync(answers, `${JSON.stringify(value)}\n`);
process.on('exit', (code) => answer({ code, ended: true }));
endOnStrayErrors();
const program = new URL('../../bin/run.js', import.meta.url);
const config = await Config.load(program.href);

/** What would keep a process from its end. */
const waitedFor = () => process.getActiveResourcesInfo().filter((name) => name !== 'Immediate');
const usual = waitedFor().length;

/** Waits as long as a process of its own would before it ends; undefined then. */
async function problem() {
  for (let waited = 0; waitedFor().length > usual; waited += 5) {
    if (waited > 60_000) return `the process would not have ended: ${waitedFor().join(', ')}`;
    await sleep(5);
  }
}

function nextQuestion() {
  let text = '';
  const chunk = Buffer.alloc(1 << 20);
  while (!text.endsWith('\n')) {
    const count = readSync(questions, chunk);
    if (count === 0) process.reallyExit(0); // whoever asked has ended
    text += chunk.toString('latin1', 0, count);
  }
  return JSON.parse(Buffer.from(text, 'latin1').toString());
}

for (;;) {
  const words = nextQuestion();
  process.exitCode = undefined;
  process.argv = [process.execPath, program.pathname, ...words];
  await run(words, config).catch(endWithError); // no flush: files are written to at once
  const stuck = await problem();
  answer(stuck ? { problem: stuck } : { code: process.exitCode ?? 0, ended: false });
}
