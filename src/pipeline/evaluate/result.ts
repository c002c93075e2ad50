/** The two networks in words. */
export const networkTitles = { before: 'trained on the crawl', after: 'retrained on the purified set' };
