import type { Progress } from '../core/progress.js';
import { visibleText } from '../core/text/visible-text.js';

/** Seconds between two lines where no line can be written over: logs stay readable. */
const LOG_EVERY = 10;
const CLEAR_LINE = '\r\u001b[K';

/** Progress on stderr: one line written over on a terminal, now and then a line elsewhere, nothing when quiet. */
export function terminalProgress(stream: NodeJS.WriteStream, quiet: boolean): Progress & { done(): void } {
  const animated = stream.isTTY && !process.env.CI && process.env.TERM !== 'dumb';
  let open = false;
  let loggedAt = -Infinity; // the first line at once: a short run should not look silent
  const clear = (): void => {
    if (open) stream.write(CLEAR_LINE);
    open = false;
  };
  return {
    update(stage, text) {
      if (quiet) return;
      const line = visibleText(`${stage}: ${text}`);
      if (animated) {
        stream.write(CLEAR_LINE + [...line].slice(0, (stream.columns || 80) - 1).join(''));
        open = true;
      } else if (performance.now() - loggedAt > 1000 * LOG_EVERY) {
        stream.write(`${line}\n`);
        loggedAt = performance.now();
      }
    },
    note(text) {
      if (quiet) return;
      clear();
      stream.write(`${visibleText(text)}\n`);
    },
    done: clear,
  };
}
