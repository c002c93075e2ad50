import { readdirSync, readlinkSync } from 'node:fs';

/** Whether process `pid` holds a file below `folder` open. */
export function holdsOpen(pid, folder) {
  const handles = `/proc/${pid}/fd`;
  try {
    return readdirSync(handles).some((handle) => {
      try {
        return readlinkSync(`${handles}/${handle}`).startsWith(`${folder}/`);
      } catch {
        return false; // closed meanwhile
      }
    });
  } catch {
    return false; // it is dead
  }
}
