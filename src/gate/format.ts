import type { GateResult } from './judge.js';

/** A way to show a gate's result. Names in it are as the crawl has them. A new one is one file and one line in formats.ts. */
export interface GateFormat {
  name: string;
  write(result: GateResult): string;
}
