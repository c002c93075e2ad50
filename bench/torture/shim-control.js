import { openSync } from 'node:fs';

/** Opens a path that the shim takes as an order; the open itself always fails. */
function order(path) {
  try {
    openSync(`/torture/${path}`);
  } catch {
    // ENOENT is the shim's answer
  }
}

/** Calls below `folder` are named from now on. */
export const watch = (folder) => order(`below/${folder}`);

/** Counts from here; with `fault` (WHAT/OP/K/PATH), that call fails, comes short, or kills this process. */
export function startCounting(fault) {
  order('start');
  if (fault) order(`fault/${fault}`);
}

/** Stops, and leaves in `file` whether the fault was met and the calls in their sequence. */
export const stopCounting = (file) => order(`stop/${file}`);
