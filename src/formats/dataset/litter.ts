const folders: Readonly<Record<string, string>> = {
  '@eadir': 'thumbnails of a Synology NAS',
  '@tmp': 'temporary files of a NAS',
  '#recycle': 'the recycle bin of a NAS',
  '#snapshot': 'snapshots of a NAS',
  '@recycle': 'the recycle bin of a NAS',
  '@recently-snapshot': 'snapshots of a NAS',
  '.@__thumb': 'thumbnails of a QNAP NAS',
  '$recycle.bin': 'the recycle bin of Windows',
  'system volume information': 'files of Windows itself',
  __macosx: 'files of macOS itself',
  'lost+found': 'files of the file system itself',
};

const files: readonly (readonly [name: RegExp, what: string])[] = [
  [/^\._/, 'files of macOS itself'],
  [/^SYNO(PHOTO|FILE|INDEX|VIDEO)_/i, 'thumbnails of a Synology NAS'],
  [/^(thumbs\.db|ehthumbs\.db|desktop\.ini)$/i, 'files of Windows itself'],
  [/^\.ds_store$/i, 'files of macOS itself'],
];

/** What a folder or file of this name is when it is never part of a set: `thumbnails of a Synology NAS`. */
export const litterFolder = (name: string): string | undefined => folders[name.toLowerCase()];

/** As {@link litterFolder}, of all parts of a path with `/`. */
export function litterIn(path: string): string | undefined {
  const parts = path.split('/');
  const file = parts.pop()!;
  for (const part of parts) if (litterFolder(part) !== undefined) return litterFolder(part);
  const known = files.find(([name]) => name.test(file))?.[1];
  return known ?? (parts.some((part) => /^\.[^.]/.test(part)) ? 'files in a hidden folder' : undefined);
}

/** The reason why litter is not used. */
export const litterReason = (what: string): string => `left out: ${what}`;
