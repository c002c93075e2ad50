import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { facesieveJson } from '../helpers/cli.js';
import { portrait, temporaryFolder, writeFiles } from '../helpers/tiny-crawl.js';

const dist = resolve(import.meta.dirname, '../../dist');

/** Runs a script on the program's own handling of signals, sends it `signals` one by one, and tells how it ended. */
async function ending(script: string, signals: readonly NodeJS.Signals[]): Promise<string | number> {
  const start = `
    import { onFirstInterrupt, leaveSignalsToTheSystem } from '${dist}/core/interrupt.js';
    import { readGivenText } from '${dist}/core/regular-file.js';
    const stop = onFirstInterrupt(() => process.stdout.write('first\\n'));
    const hang = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60000);
    setInterval(() => undefined, 1000);
    process.stdout.write('ready\\n');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', `${start}\n${script}`]);
  const left = [...signals];
  let heard = '';
  child.stdout.on('data', (text) => {
    heard += text;
    if (left.length > 0 && /(ready|first|waits)\n$/.test(heard)) setTimeout(() => child.kill(left.shift()), 300);
  });
  return new Promise((done) => child.on('exit', (code, signal) => done(signal ?? code!)));
}

describe('the second signal ends the process', () => {
  it.each([
    ['that waits for something', '', ['SIGINT', 'SIGINT'], 'SIGINT'],
    ['told by SIGTERM', '', ['SIGINT', 'SIGTERM'], 'SIGTERM'],
    ['whose only thread hangs', "process.once('SIGINT', () => setTimeout(hang, 50));", ['SIGINT', 'SIGINT'], 'SIGINT'],
  ] as const)('%s', async (_, script, signals, ended) => {
    expect(await ending(script, signals)).toBe(ended);
  });

  it('and the first does while a pipe is waited for that the shell made', async () => {
    const waiting = `process.stdout.write('waits\\n'); readGivenText('/dev/stdin');`;
    expect(await ending(waiting, ['SIGINT'])).toBe('SIGINT');
  });
});

describe('what is no regular file', () => {
  it('in a crawl does not stop ingest', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'set/A/1.jpg': await portrait('A', 1), 'set/B/1.jpg': await portrait('B', 1) });
    execFileSync('mkfifo', [join(folder, 'set/A/x.jpg')]);
    const { code, json } = facesieveJson('ingest', join(folder, 'set'), '-w', join(folder, 'ws'), '--align', 'none');
    expect([code, json.images, json.skipped]).toEqual([0, 2, 1]);
    expect(json.notUsed).toEqual([{ reason: 'it is a named pipe, not a regular file', count: 1 }]);
  });

  it('is read where the shell made it', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'settings.json'), '{"epochs": 3}');
    const read = `import { readGivenText } from '${dist}/core/regular-file.js'; console.log(readGivenText(process.argv[1]));`;
    const node = `'${process.execPath}' --input-type=module -e "$READ"`;
    for (const shell of [`${node} <(sleep 0.2; cat settings.json)`, `cat settings.json | ${node} /dev/stdin`])
      expect(
        execFileSync('bash', ['-c', shell], { cwd: folder, encoding: 'utf8', env: { ...process.env, READ: read } }),
      ).toContain('"epochs": 3');
  });
});
