import type { Progress } from '../core/progress.js';

/** Shows on the progress line which step is at work, and keeps how long each took. */
export class Steps {
  /** By the step's name, in the order they were done. */
  readonly seconds: Record<string, number> = {};
  private current: { step: string; start: number } | undefined;

  constructor(
    private readonly progress: Progress,
    private readonly stage: string,
    private readonly what: string,
  ) {}

  /** Ends the step at work, and begins `step`. */
  begin(step: string): void {
    this.end();
    this.progress.update(this.stage, `${this.what}: ${step}`);
    this.current = { step, start: performance.now() };
  }

  /** Ends the step at work, if there is one. */
  end(): void {
    if (!this.current) return;
    const { step, start } = this.current;
    this.seconds[step] = (this.seconds[step] ?? 0) + (performance.now() - start) / 1000;
    this.current = undefined;
  }

  async time<R>(step: string, work: () => Promise<R> | R): Promise<R> {
    this.begin(step);
    const result = await work();
    this.end();
    return result;
  }
}
