import { cpSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The one folder that commands work in, always at the same path, so that whatever a command writes about paths is the same
 * in every run. States of it are kept beside it and copied in.
 */
export class Arena {
  constructor(base) {
    this.base = base;
    this.folder = join(base, 'arena');
  }

  at(...parts) {
    return join(this.folder, ...parts);
  }

  #state(name) {
    return join(this.base, 'states', name);
  }

  empty() {
    this.#away();
    mkdirSync(this.folder);
  }

  save(name) {
    rmSync(this.#state(name), { recursive: true, force: true });
    cpSync(this.folder, this.#state(name), { recursive: true, verbatimSymlinks: true });
  }

  /** Brings the arena into the state that was saved as `name`. */
  load(name) {
    this.#away();
    cpSync(this.#state(name), this.folder, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  }

  #away() {
    rmSync(join(this.base, 'gone'), { recursive: true, force: true });
    try {
      renameSync(this.folder, join(this.base, 'gone'));
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
    rmSync(join(this.base, 'gone'), { recursive: true, force: true });
  }
}
