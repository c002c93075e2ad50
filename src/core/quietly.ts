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
