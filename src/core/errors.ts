/** An error the user can do something about: what was done, what was expected, what to do next. Exit code 2. */
export class FacesieveError extends Error {
  constructor(
    message: string,
    public suggestions: string[] = [],
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** The path of a source, file or image does not exist or is of the wrong kind. */
export class PathError extends FacesieveError {}

/** A readable source that holds nothing to work on. */
export class EmptyInputError extends FacesieveError {}

/** A file that was found but says something else than its format asks for. */
export class FormatError extends FacesieveError {}

/** A configuration key or value that is not one of ours. */
export class ConfigError extends FacesieveError {}

/** A setting whose value it cannot have. */
export class SettingError extends ConfigError {
  /** @param setting its path in the configuration @param problem in words, without a subject */
  constructor(
    readonly setting: readonly string[],
    readonly problem: string,
    suggestions: string[] = [],
  ) {
    super(`Setting "${setting.join('.')}" ${problem}.`, suggestions);
  }
}

/** What was typed is no command line of ours. Exit code 64. */
export class UsageError extends FacesieveError {}

/** A stage was asked for before the stage it builds on. */
export class MissingStageError extends FacesieveError {}

/** The workspace was written by a newer version, is damaged, or is not one of ours. */
export class WorkspaceError extends FacesieveError {}

/** Another process is working in the same workspace. */
export class WorkspaceBusyError extends FacesieveError {}

/** An engine, device or optional library that this machine does not have. */
export class EngineError extends FacesieveError {}

/** The engine has no kernel for an operation that a program uses. */
export class UnsupportedKernelError extends EngineError {}

/** Training ran into numbers that are not finite. */
export class DivergedError extends FacesieveError {}

/** The neighbour index misses too many true neighbours to decide anything by it. */
export class RecallError extends FacesieveError {}

/** Ctrl-C or SIGTERM: what was finished is kept. Exit code 130. */
export class InterruptedError extends Error {
  constructor() {
    super('interrupted');
    this.name = 'InterruptedError';
  }
}

/**
 * Runs work that the next command does again, such as removing what is temporary: failing on it would hide the error that
 * says more, or lose what was finished.
 */
export function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The next command tries again.
  }
}
