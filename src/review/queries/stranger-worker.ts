import { parentPort, workerData } from 'node:worker_threads';
import { readPurifiedList } from '../../workspace/purified-list.js';
import { lookIntoWorkspace } from '../../workspace/workspace.js';
import { dropClusters } from '../drop-clusters.js';
import type { SearchOrder, SearchState } from './stranger-search.js';

const { folder, least } = workerData as SearchOrder;
const workspace = lookIntoWorkspace(folder);
try {
  const found = dropClusters(workspace, readPurifiedList(workspace), least);
  parentPort!.postMessage({ state: 'found', found } satisfies SearchState);
} catch (error) {
  parentPort!.postMessage({ state: 'failed', message: (error as Error).message } satisfies SearchState);
} finally {
  workspace.close();
}
