/** Whether an image may be given to a name: it becomes a folder's. */
export const isIdentityName = (name: string): boolean =>
  name.trim() !== '' && !name.includes('/') && name !== '.' && name !== '..';
