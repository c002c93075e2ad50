/** What the server answers; its shapes are those of src/review/queries/api-types.ts. */

/** The server could not be reached, or said no. `busy`: another command holds the workspace. */
export class Refusal extends Error {
  /**
   * @param {string} message
   * @param {boolean} mayPass Trying again later may help.
   */
  constructor(message, mayPass) {
    super(message);
    this.mayPass = mayPass;
  }
}

/**
 * @template T
 * @param {string} path
 * @param {Record<string, string>} query
 * @returns {Promise<T>}
 */
export const ask = (path, query = {}) => request(`api/${path}?${new URLSearchParams(query)}`);

/**
 * @template T
 * @param {string} path
 * @param {object} body
 * @returns {Promise<T>}
 */
export const tell = (path, body) =>
  request(`api/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

/**
 * @param {string} address
 * @param {RequestInit} [options]
 */
async function request(address, options) {
  const response = await fetch(address, options).catch(() => {
    throw new Refusal('The server does not answer: is `facesieve review` still running?', true);
  });
  const answer = await response.json().catch(() => ({ error: `The server answered ${response.status}.` }));
  if (response.ok) return answer;
  throw new Refusal(answer.error, response.status === 503);
}
