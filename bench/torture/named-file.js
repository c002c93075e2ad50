/**
 * True when a source file that could not be read (EIO, EACCES: it may stay so) was left out and is on record by its name.
 * That is an answer; `--force` reads it again. Too few handles or a folder that is not seen are no property of the file.
 */
export function isNamedFile(fault, now, undisturbed) {
  const [what, op, , ...parts] = fault.split('/');
  if (!['EIO', 'EACCES'].includes(what) || !['open-read', 'read', 'stat'].includes(op) || parts[0] !== 'crawl')
    return false;
  const path = parts.slice(1).join('/');
  const errorIn = ({ tables }) => tables.get('images')?.find((image) => image.path === path)?.error;
  return Boolean(errorIn(now)) && errorIn(undisturbed) === null;
}
