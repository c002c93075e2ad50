/** Folders that hold images, at any depth, with their numbers. */
export interface FolderNode {
  name: string;
  /** Images right in it. */
  own: number;
  /** Images in it and below it. */
  all: number;
  folders: Map<string, FolderNode>;
}

const emptyNode = (name: string): FolderNode => ({ name, own: 0, all: 0, folders: new Map() });

/** Counts images by the folders that they lie in. */
export class FolderTree {
  readonly root = emptyNode('');

  /** @param folders names from the outermost inwards */
  add(folders: readonly string[]): void {
    let node = this.root;
    node.all++;
    for (const name of folders) {
      const below: FolderNode = node.folders.get(name) ?? emptyNode(name);
      node.folders.set(name, below);
      node = below;
      node.all++;
    }
    node.own++;
  }
}

/** Names of the folders of a path with `/`, without `.` and empty parts. */
export const foldersOf = (path: string): string[] =>
  path
    .split('/')
    .slice(0, -1)
    .filter((name) => name !== '' && name !== '.');
