import { readdirSync, readlinkSync } from 'node:fs';

function target(handle) {
  try {
    return readlinkSync(handle);
  } catch {
    return ''; // closed meanwhile
  }
}

/** Whether process `pid` still holds a database below `folder` open, and so perhaps a lock that ended commands do not hold. */
export function holdsDatabase(pid, folder) {
  const handles = `/proc/${pid}/fd`;
  try {
    const open = readdirSync(handles).map((handle) => target(`${handles}/${handle}`));
    return open.some((file) => file.startsWith(`${folder}/`) && file.includes('.db'));
  } catch {
    return false; // the process is gone
  }
}
