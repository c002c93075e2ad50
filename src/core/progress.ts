/** Where stages tell how far they are. Shells decide what a person sees of it. */
export interface Progress {
  /** The state of running work: shown on one line that is written over. */
  update(stage: string, text: string): void;
  /** Something worth keeping on the screen. */
  note(text: string): void;
}

export const silentProgress: Progress = { update: () => undefined, note: () => undefined };
