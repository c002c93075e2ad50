import { fork } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readCalls } from './calls.js';
import { holdsDatabase } from './open-files.js';

const driver = new URL('driver.js', import.meta.url).pathname;
const LONGEST_MS = 60_000;
const COMMANDS_A_PROCESS = 150; // what a process keeps of finished commands must not slow the later ones

/**
 * facesieve, loaded in a child under the shim. Whoever dies is replaced; one more always waits, loaded, because starting
 * takes longer than a command.
 */
export class Program {
  #settings;
  #child;
  #spare;
  #ran = 0;
  #id = 0;
  /** Processes started so far. */
  started = 0;

  /** @param settings `shim`, `base` (the harness's folder) and `below` (the folder whose calls are named) */
  constructor(settings) {
    this.#settings = settings;
    this.#spare = this.#start();
  }

  #start() {
    const { shim, base, below } = this.#settings;
    this.started++;
    mkdirSync(join(base, 'home'), { recursive: true });
    const child = fork(driver, [below], {
      execArgv: ['--expose-gc'],
      cwd: join(base, 'home'),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: programEnvironment({ shim, base, below }),
    });
    child.ready = new Promise((ready, failed) => {
      child.once('message', ready);
      child.once('exit', (code) => failed(new Error(`the driver ended while it started (${code})`)));
    });
    child.ready.catch(() => undefined);
    return child;
  }

  async #ready() {
    if (this.#ran > COMMANDS_A_PROCESS) this.#replace();
    if (!this.#child) {
      this.#child = this.#spare;
      this.#spare = this.#start();
      this.#ran = 0;
    }
    this.#ran++;
    await this.#child.ready;
    return this.#child;
  }

  #replace() {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
    this.#ran = 0;
  }

  /**
   * Runs `message` (see driver.js) to its end. Returns `{ code, stdout, stderr, fired, calls }`; `code` is null when the
   * process was killed, by the fault or after `killAfterMs`; `hung` when nothing came for too long.
   */
  async call(message, { killAfterMs } = {}) {
    const child = await this.#ready();
    const id = ++this.#id;
    const log = join(this.#settings.base, 'calls.log');
    rmSync(log, { force: true });
    const start = performance.now();
    const ended = await new Promise((done) => {
      let timer;
      const end = (result) => {
        clearTimeout(timer);
        child.off('message', said).off('exit', exited);
        done(result);
      };
      const said = (answer) => answer.id === id && end(answer);
      const exited = (code, signal) => end({ code: signal ? null : code, signal, stdout: '', stderr: '', gone: true });
      child.on('message', said).on('exit', exited);
      timer = setTimeout(() => {
        child.kill('SIGKILL');
        if (killAfterMs === undefined) end({ code: null, hung: true, stdout: '', stderr: '', gone: true });
      }, killAfterMs ?? LONGEST_MS);
      child.send({ ...message, id, log });
    });
    const ms = performance.now() - start;
    // A real process is gone now, and its locks with it.
    if (ended.gone || ended.died || holdsDatabase(child.pid, this.#settings.below)) this.#replace();
    return { ...ended, ms, ...readCalls(log, ended.signal !== undefined) };
  }

  /** The next command gets a process in which nothing was run before. */
  renew() {
    if (this.#ran > 0) this.#replace();
  }

  close() {
    this.#child?.kill('SIGKILL');
    this.#spare.kill('SIGKILL');
  }
}

/** What a facesieve under the shim is started with; `fault` arms it for the whole process. */
export const programEnvironment = ({ shim, base, below, fault }) => ({
  ...process.env,
  NODE_ENV: 'production',
  UV_USE_IO_URING: '0', // calls that bypass the C library are not seen
  LD_PRELOAD: shim,
  TMPDIR: join(base, 'arena', 'tmp'),
  FACESIEVE_THREADS: '1',
  FACESIEVE_REVIEWER: 'ada',
  FACESIEVE_CACHE: join(base, 'cache'),
  TORTURE_BELOW: below,
  ...(fault && { TORTURE_FAULT: fault }),
});
