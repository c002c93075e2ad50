import type { GateResult } from './judge.js';

/** A way to show a gate's result. A new one is one file and one line in formats.ts. */
export interface GateFormat {
  name: string;
  write(result: GateResult): string;
}
