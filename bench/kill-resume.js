// Kill -9 at ten random moments of `run`, resumed each time: are the decisions those of an undisturbed run, byte for byte?
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { bench, facesieve } from './cli.js';

const KILLS = 10;
const bin = new URL('../bin/run.js', import.meta.url).pathname;

async function killAfter(seconds, args) {
  const child = spawn(process.execPath, [bin, ...args, '--quiet'], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
  await Promise.race([ended, setTimeout(1000 * seconds)]);
  child.kill('SIGKILL');
  return ended;
}

function decisionsOf(workspace) {
  const file = join(workspace, '..', 'decisions.csv');
  facesieve('decisions', 'export', '--out', file, '-w', workspace);
  return readFileSync(file, 'utf8');
}

export async function measure() {
  const root = join(bench, 'kill');
  rmSync(root, { recursive: true, force: true });
  facesieve('demo', join(root, 'whole'), '--seed', '1');
  const crawl = join(root, 'whole', 'crawl-1');
  const runIn = (name) => ['run', crawl, '-w', join(root, name, 'workspace'), '--preset', 'demo', '--seed', '1'];

  const start = performance.now();
  facesieve(...runIn('quiet'));
  const seconds = (performance.now() - start) / 1000;

  const moments = [];
  for (let i = 0; i < KILLS; i++) {
    const moment = 0.3 + (Math.random() * seconds) / 8; // short enough that ten do not outlast the run
    const { signal } = await killAfter(moment, runIn('killed'));
    moments.push({ seconds: moment, killed: signal === 'SIGKILL' });
  }
  const { stages } = facesieve(...runIn('killed'));
  const identical = decisionsOf(join(root, 'quiet', 'workspace')) === decisionsOf(join(root, 'killed', 'workspace'));
  return { seconds, moments, identical, resumedStages: stages };
}

export function describe({ seconds, moments, identical }) {
  const killed = moments.filter((moment) => moment.killed);
  const list = killed.map((moment) => moment.seconds.toFixed(1)).join(', ');
  return `run alone: ${seconds.toFixed(0)} s; killed ${killed.length} times, after ${list} s; decisions.csv ${identical ? 'byte-identical' : 'DIFFERENT'}`;
}
