import { setImmediate as turn } from 'node:timers/promises';

/**
 * Runs `work`, of a library that may start several promises and leave some of them behind when one fails: without anybody
 * who listens to them, the next one that fails would end the process. Failures from elsewhere end it as always.
 * @param library name of the package, as it stands in the paths of its files
 */
export async function withoutStrays<R>(library: string, work: () => Promise<R>): Promise<R> {
  const listen = (error: unknown): void => {
    if (!(error instanceof Error && error.stack?.includes(`/${library}/`))) throw error;
  };
  process.on('unhandledRejection', listen);
  try {
    return await work();
  } catch (error) {
    await turn(); // those that are left behind fail before this
    throw error;
  } finally {
    process.off('unhandledRejection', listen);
  }
}
