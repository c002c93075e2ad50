/** Text in quotes, or a number that Python writes and JSON does not have. */
const token = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/gs;

/**
 * The value of JSON as Python and pandas write it too: NaN and Infinity, which are no JSON, are null; a byte order mark is
 * passed over. @throws SyntaxError
 */
export function parsePythonJson(text: string): unknown {
  const plain = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(plain);
  } catch (error) {
    if (!/NaN|Infinity/.test(plain)) throw error;
    return JSON.parse(plain.replace(token, (found) => (found.startsWith('"') ? found : 'null')));
  }
}
