import { spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { type Ended, ServedProgram } from './served-program.js';

const bin = resolve(import.meta.dirname, '../../bin/run.js');
const environment = { ...process.env, NODE_ENV: 'production', FACESIEVE_WORKSPACE: undefined } as NodeJS.ProcessEnv;

/** Settings under which a tiny crawl runs in seconds. */
export const tinyFlags = [
  '--align',
  'none',
  '--size',
  '16',
  '--backbone',
  'plain-4',
  '--epochs',
  '4',
  '--batch-size',
  '8',
];

let served: ServedProgram | undefined;

/** Runs the built program to its end; the commands of one test file share a process where the system has named pipes. */
export function facesieve(...args: string[]): Ended {
  if (process.platform === 'win32') return facesieveProcess(...args);
  if (!served || served.over) served = new ServedProgram(environment);
  return served.run(args);
}

/** As {@link facesieve}, in a process of its own: where its start, its end or its pipes are the point. */
export function facesieveProcess(...args: string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    env: environment,
  });
  return { code: status, stdout, stderr };
}

/** Runs every stage on `source` with tiny settings. @throws what it said, when it failed */
export function cleaned(source: string, workspace: string, out: string): void {
  const run = facesieve('run', source, '-w', workspace, '--out', out, '--seed', '1', ...tinyFlags);
  if (run.code !== 0) throw new Error(run.stderr);
}

/** The parsed `--json` result, whatever the exit code. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function facesieveJson(...args: string[]): Ended & { json: any } {
  const ended = facesieve(...args, '--json');
  return { ...ended, json: JSON.parse(ended.stdout) };
}

/** Runs the program and sends `signal` once `when` appears on stderr. */
export function interrupted(when: RegExp, signal: NodeJS.Signals, ...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [bin, ...args], { env: environment });
  let [stdout, stderr, sent] = ['', '', false];
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    if (sent || !when.test(stderr)) return;
    sent = true;
    child.kill(signal);
  });
  return new Promise((done) => child.on('exit', (code) => done({ code, stdout, stderr })));
}

/** A program that goes on until it is told to stop. */
export interface Running {
  /** What the first JSON on stdout says. */
  json: Record<string, string>;
  /** Sends Ctrl-C and waits for the end. */
  stop(): Promise<Ended>;
}

/** Starts the program and waits until it has printed its `--json` result. */
export function started(...args: string[]): Promise<Running> {
  const child = spawn(process.execPath, [bin, ...args, '--json'], { env: environment });
  let [stdout, stderr] = ['', ''];
  const ended = new Promise<Ended>((done) => child.on('exit', (code) => done({ code, stdout, stderr })));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  return new Promise((ready, failed) => {
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      if (!stdout.endsWith('}\n')) return;
      const stop = (): Promise<Ended> => {
        child.kill('SIGINT');
        return ended;
      };
      ready({ json: JSON.parse(stdout) as Record<string, string>, stop });
    });
    void ended.then(() => failed(new Error(stdout + stderr)));
  });
}
