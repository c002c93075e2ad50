/** Where stages tell how far they are. Shells decide what a person sees of it. */
export interface Progress {
  /** The state of running work: shown on one line that is written over. */
  update(stage: string, text: string): void;
  /** Something worth keeping on the screen. */
  note(text: string): void;
}

export const silentProgress: Progress = { update: () => undefined, note: () => undefined };

/** Minutes and seconds: `4:05`. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** Work that is counted: how much there is, if that is known, and how much was done before. */
export interface CountedWork {
  /** What is counted, in the plural: `crops`. */
  what: string;
  total?: number;
  before?: number;
}

/** Before this many seconds a rate says little. */
const RATE_AFTER = 1;

/**
 * Shows how much of `work` is done, with the rate and the time left: `320 of 4053 crops  85/s  0:44 left`. Call the returned
 * function with the number done. @param now milliseconds
 */
export function counted(
  progress: Progress,
  stage: string,
  { what, total, before = 0 }: CountedWork,
  now = () => performance.now(),
): (done: number) => void {
  const start = now();
  return (done) => {
    const seconds = (now() - start) / 1000;
    const rate = (done - before) / seconds;
    const amount = total === undefined ? `${done} ${what}` : `${done} of ${total} ${what}`;
    const pace = seconds < RATE_AFTER ? [] : [`${rate < 10 ? rate.toFixed(1) : rate.toFixed(0)}/s`];
    const left = pace.length > 0 && total !== undefined ? [`${clock((total - done) / rate)} left`] : [];
    progress.update(stage, [amount, ...pace, ...left].join('  '));
  };
}
