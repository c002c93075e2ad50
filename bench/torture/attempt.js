import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lossesOf } from './losses.js';
import { isNamedFile, isOtherStamp } from './named-file.js';
import { perform } from './perform.js';
import { differences, snapshot } from './snapshot.js';

const problem = (kind, text) => ({ kind, text });
const firstLine = (text) => text.trim().split('\n')[0] ?? '';
const some = (names) => names.slice(0, 4).join(', ') + (names.length > 4 ? `, and ${names.length - 4} more` : '');

/** Exit code 0 or 2 and nothing else, unless we killed it. */
function exitProblems({ code, hung, died, signal, stderr }, killed) {
  if (hung) return [problem('exit', 'it did not end')];
  if (died) return [problem('exit', `it died: ${firstLine(stderr)}`)];
  if (signal) return killed ? [] : [problem('exit', `it died by ${signal}`)];
  return code === 0 || code === 2 ? [] : [problem('exit', `it ended with ${code}: ${firstLine(stderr)}`)];
}

/** A failure is told by a sentence that is no report of a bug. */
function messageProblems({ code, died, stdout, stderr }) {
  const text = `${stderr}\n${stdout}`;
  if (died || code === null) return [];
  if (/unexpected/i.test(text) || /\n\s+at /.test(text) || text.includes('escaped:'))
    return [problem('unexpected', firstLine(text.slice(Math.max(0, text.search(/unexpected|escaped:/i)))))];
  return code === 2 && !/^Error: ./m.test(stderr)
    ? [problem('unexpected', `it said no reason: ${firstLine(stderr)}`)]
    : [];
}

/** Files of the workspace in which a removed name can still be read. */
function stillNamed({ arena }, { forgotten = [] }) {
  if (forgotten.length === 0) return [];
  const files = readdirSync(arena.at('ws'), { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const isNamed = (file) =>
    forgotten.some((name) => readFileSync(join(file.parentPath ?? file.path, file.name)).includes(name));
  return files.filter(isNamed).map(({ name }) => name);
}

/** Runs the further steps, and the first one again, without a fault. */
async function finish(bench, { scenario, after }, first, again) {
  const problems = [];
  for (const i of scenario.steps.keys()) {
    if (i === 0) continue;
    const { code, stderr } = await perform(bench, scenario, i);
    if (code !== 0)
      problems.push(
        problem('different', `then "${scenario.steps[i].join(' ')}" ended with ${code}: ${firstLine(stderr)}`),
      );
  }
  if (first.again && first.again.status !== 200)
    problems.push(
      problem('different', `given again, the verdict is refused (${first.again.status}): ${first.again.text}`),
    );
  const now = snapshot(bench.arena);
  const isDone = differences(now, after).length === 0;
  if (isDone && first.code === 0) return { problems, now, code: 0 };
  if (isDone && scenario.toggles) {
    if (first.code !== null) problems.push(problem('exit', 'it was done, although it ended with 2'));
    return { problems, now, code: 0 };
  }
  if (first.again?.status === 200) return { problems, now, code: 0 };
  const { code, stderr } = await perform(bench, scenario, 0, { again });
  if (code !== 0 && !(isDone && (first.code === null || scenario.steps.length > 1)))
    problems.push(problem('different', `repeated, it ended with ${code}: ${firstLine(stderr)}`));
  return { problems, now: snapshot(bench.arena), code };
}

/** Runs the command once, with a fault or until it is killed, and looks at how it ended and what it left. */
async function meet(bench, reference, meeting) {
  const first = await perform(bench, reference.scenario, 0, meeting);
  const killed = first.signal === 'SIGKILL';
  const isKill = meeting.killAfterMs !== undefined || /^(half-)?kill\//.test(meeting.fault);
  const left = snapshot(bench.arena);
  const problems = [
    ...exitProblems(first, isKill),
    ...messageProblems(first),
    ...lossesOf(reference, left).map((text) => problem('lost', text)),
  ];
  return { first, left, problems, met: Boolean(killed || first.hung || first.fired) };
}

/**
 * Meets one fault in a fresh copy of the scenario's state, or kills the command after each of `killsAfterMs` in turn; then
 * repeats it. Returns whether the fault was `met`, how many `kills` there were, whether a file of the source was
 * left out and `named`, and the `problems`: lost, silent,
 * unexpected, exit, different.
 */
export async function attempt(bench, reference, { fault, killsAfterMs = [] }) {
  const { scenario, before, after } = reference;
  bench.arena.load(scenario.state);
  const meetings = fault ? [{ fault }] : killsAfterMs.map((killAfterMs) => ({ killAfterMs }));
  const problems = [];
  let kills = 0;
  let met = false;
  let first;
  let left;
  for (const meeting of meetings) {
    const one = await meet(bench, reference, meeting);
    if (!one.met && first) break; // it was done before it was killed again
    ({ first, left } = one);
    met ||= one.met;
    kills += first.signal === 'SIGKILL';
    problems.push(...one.problems);
    if (first.signal !== 'SIGKILL') break;
  }
  if (!met) return { met, kills, problems: [] };
  const named = Boolean(fault) && first.code === 0 && isNamedFile(fault, left, after);
  if (first.code === 0 && scenario.steps.length === 1 && !named) {
    const silent = differences(left, after);
    if (silent.length > 0 && !isOtherStamp(fault ?? '', silent))
      problems.push(problem('silent', `it ended with 0, and these differ: ${some(silent)}`));
  }
  const finished = await finish(bench, reference, first, named ? ['--force'] : []);
  problems.push(...finished.problems);
  problems.push(
    ...lossesOf({ scenario, before, after }, finished.now).map((text) => problem('lost', `in the end ${text}`)),
  );
  const different = differences(finished.now, after);
  if (different.length > 0) problems.push(problem('different', `in the end these differ: ${some(different)}`));
  const readable = stillNamed(bench, scenario);
  if (readable.length > 0)
    problems.push(
      problem(finished.code === 0 ? 'silent' : 'different', `the removed name can still be read in ${some(readable)}`),
    );
  return { met, kills, named, problems, ended: first };
}
