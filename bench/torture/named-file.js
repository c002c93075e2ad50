/**
 * True when a source file that could not be read (EIO, EACCES: it may stay so), or a folder that may not be read (EACCES),
 * was left out and is on record by its name. That is an answer; `--force` reads it again. Too few handles, or a disk that
 * fails on a folder, are no property of what is there.
 */
export function isNamedFile(fault, now, undisturbed) {
  const [what, op, , ...parts] = fault.split('/');
  if (parts[0] !== 'crawl') return false;
  const path = parts.slice(1).join('/');
  const errorIn = ({ tables }, path) => tables.get('images')?.find((image) => image.path === path)?.error;
  const isNew = (path) => Boolean(errorIn(now, path)) && !errorIn(undisturbed, path);
  if (['EIO', 'EACCES'].includes(what) && ['open-read', 'read'].includes(op)) return isNew(path);
  if (what === 'EIO' && op === 'stat') return isNew(path);
  // a folder's real path asks for each folder above it: the one that is named lies below the one that was asked for
  const named = (now.tables.get('images') ?? []).filter((image) => isNew(image.path));
  return what === 'EACCES' && ['opendir', 'stat'].includes(op) && named.some((image) => image.path.startsWith(path));
}

/**
 * True when a source file could not be looked at for its stamp, was read all the same, and nothing else differs: the
 * next `ingest` finds another stamp and reads the source again.
 */
export const isOtherStamp = (fault, different) =>
  /^EACCES\/stat\/\d+\/crawl\//.test(fault) &&
  different.every((part) => ['table facts', 'table stages'].includes(part));
