/** A message without what differs from point to point: numbers, and paths in quotes. */
export const normalText = (text) =>
  text
    .replace(/^(in the end these differ|it ended with 0, and these differ): .*/, '$1')
    .replace(/'[^']*'|"[^"]*"/g, '(path)')
    .replace(/\d+/g, '#');
