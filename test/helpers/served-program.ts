import { execFileSync, spawn } from 'node:child_process';
import { fstatSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const script = resolve(import.meta.dirname, 'program-server.js');

/** How a run of the program ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * The built program in a process that runs one command after another: a process for each command takes most of its time to
 * start. Calls wait for their answer, as `spawnSync` does, through named pipes.
 */
export class ServedProgram {
  /** True when a command ended the process, as one does that the program gives up on. */
  over = false;
  private readonly questions: number;
  private readonly answers: number;
  private readonly printed: number[];

  constructor(env: NodeJS.ProcessEnv) {
    const folder = mkdtempSync(join(tmpdir(), 'facesieve-program-'));
    const [asks, answers, ...printed] = ['asks', 'answers', 'stdout', 'stderr'].map((name) => join(folder, name));
    execFileSync('mkfifo', [asks, answers]);
    this.printed = printed.map((path) => openSync(path, 'a+'));
    spawn(process.execPath, [script, asks, answers], { env, stdio: ['ignore', ...this.printed] }).unref();
    this.questions = openSync(asks, 'w'); // each waits for the other side
    this.answers = openSync(answers, 'r');
    rmSync(folder, { recursive: true }); // what is open stays
  }

  /** Runs one command to its end. @throws Error when the process crashed in it, or would not have ended after it */
  run(words: readonly string[]): Ended {
    writeSync(this.questions, `${JSON.stringify(words)}\n`);
    const {
      code = null,
      ended = true,
      problem = 'crashed',
    } = JSON.parse(textOf(this.answers, 65536) || '{}') as Answer;
    this.over = ended;
    const [stdout, stderr] = this.printed.map((file) => {
      const text = textOf(file, fstatSync(file).size, 0);
      ftruncateSync(file);
      return text;
    });
    if (code === null) throw new Error(`facesieve ${words.join(' ')}: ${problem}\n${stdout}${stderr}`);
    return { code, stdout, stderr };
  }
}

interface Answer {
  code?: number;
  ended?: boolean;
  problem?: string;
}

function textOf(file: number, length: number, position: number | null = null): string {
  const bytes = Buffer.alloc(length);
  return bytes.toString('utf8', 0, readSync(file, bytes, 0, length, position));
}
