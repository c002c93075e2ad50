export default {
  room: 'index',
  tests: ['test/index/', 'test/conformance/indexes.test.ts'],
  // prettier-ignore
  mutants: [
    { file: 'index/recall.ts', find: 'this.hits / this.asked', replace: '1', what: 'index recall always 1 (issue 22)' },
    { file: 'index/recall.ts', find: 'labels[id] >= 0 && labels[id] === labels[row]', replace: 'id >= 0', what: 'recall of the identity counts strangers' },
    { file: 'index/recall.ts', find: 'labels[id] >= 0 && ', replace: '', what: 'rows without a label are one identity' },
    { file: 'index/recall.ts', find: 'NEAREST = 10', replace: 'NEAREST = 1', what: 'recall@1 for recall@10' },
    { file: 'index/recall.ts', find: 'if (hit) this.hits++', replace: 'this.hits++', what: 'what was missed is found' },
    { file: 'index/find-neighbours.ts', find: 'ownRecallAt10 >= recallBar', replace: 'ownRecallAt10 >= 0', what: 'recallBar ignored' },
    { file: 'index/find-neighbours.ts', find: 'options.neighbours + SPARE_NEIGHBOURS', replace: 'options.neighbours', what: 'no room for copies among the neighbours' },
    { file: 'index/top-k.ts', find: 'cosine <= cosines[last]', replace: 'cosine < cosines[last]', what: 'of equal cosines the later one takes the last place' },
    { file: 'index/top-k.ts', find: 'cosines[at - 1] < cosine', replace: 'cosines[at - 1] <= cosine', what: 'of equal cosines the later one goes ahead' },
    { file: 'index/product-search.ts', find: '!own || id !== wanted[q]', replace: 'id >= 0', what: 'a row is its own neighbour' },
    { file: 'index/saved-index.ts', find: "vectors: hash.digest('hex'), hnswLinks", replace: "vectors: hash.digest('hex')", what: 'a graph of other links is loaded' },
    { file: 'index/saved-index.ts', find: 'head.kind === kind.name && ', replace: '', what: 'a graph of another library is loaded' },
    { file: 'index/saved-index.ts', find: 'contentOf(file).crc32c !== written.crc32c', replace: 'false', what: 'the checksum of a saved index is not compared' },
  ],
};
