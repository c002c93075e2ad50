import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where pulled models are kept, for all workspaces of this user. */
export const cacheFolder = (): string =>
  process.env.FACESIEVE_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'facesieve');
