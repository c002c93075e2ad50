import { existsSync, readFileSync } from 'node:fs';

/** The shim's log: whether the fault was met, and the calls in their sequence as `{ op, k, path }`. */
export function readCalls(log, killed = false) {
  if (!existsSync(log)) return { fired: killed, calls: [] };
  const [first, ...lines] = readFileSync(log, 'utf8').trimEnd().split('\n');
  const calls = lines.map((line) => {
    const [op, k, path] = line.split('\t');
    return { op, k: Number(k), path };
  });
  return { fired: first === 'fired 1', calls };
}
