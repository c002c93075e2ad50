import type { Progress } from '../core/progress.js';

/** Says on the progress line which step is at work, and keeps how long each took. */
export class Steps {
  /** By the step's name, in the order they were done. */
  readonly seconds: Record<string, number> = {};

  constructor(
    private readonly progress: Progress,
    private readonly stage: string,
    private readonly what: string,
  ) {}

  async time<R>(step: string, work: () => Promise<R> | R): Promise<R> {
    this.progress.update(this.stage, `${this.what}: ${step}`);
    const start = performance.now();
    const result = await work();
    this.seconds[step] = (this.seconds[step] ?? 0) + (performance.now() - start) / 1000;
    return result;
  }
}
