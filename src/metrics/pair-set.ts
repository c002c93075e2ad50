/** An image outside the workspace, as a list of pairs names it. */
export interface PairImage {
  name: string;
  /** Whose it is said to be; null when the list does not tell. */
  person: string | null;
  /** True when it is a crop of the face already. */
  isCrop: boolean;
  read(): Promise<Uint8Array>;
}

/** Two rows that are compared. */
export interface RowPair {
  first: number;
  second: number;
  same: boolean;
}

/** Images that stand for one person together; those of one medium (a video) count once. */
export interface Template {
  name: string;
  members: { image: number; media: string }[];
}

/** Pairs of images, or of templates where there are some, in the list's order: it carries the folds. */
export interface PairSet {
  images: PairImage[];
  templates?: Template[];
  pairs: RowPair[];
}
