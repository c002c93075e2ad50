import type { DecisionRecord } from './decision-table.js';
import type { Apostrophes } from './apostrophes.js';
import type { ImportedFile } from './imported-file.js';

/** A decision as a format gets it: its columns, and how large the image is in pixels. */
export interface ExportedDecision {
  record: DecisionRecord;
  width: number;
  height: number;
}

export interface WriteOptions {
  /** What the export is called, without folder: `to-review.json`. */
  name: string;
  /** In front of every path, for tools that load images from somewhere: `/data/local-files/?d=crawl/`. */
  urlPrefix: string;
  /** For a spreadsheet: no cell is computed (formats with `forSpreadsheets`). */
  spreadsheetSafe: boolean;
}

/** A file of an export; `name` is relative to where the export goes. */
export interface OutFile {
  name: string;
  content: string | Uint8Array;
}

/** What a file says of one image, as it stands there. */
export interface Answer {
  /** Where it stands, for messages: `reviewed.csv, row 3`. */
  place: string;
  path: string;
  /** Only the path's ending is missing: some tools name images without it. */
  withoutEnding?: boolean;
  /** A verdict; empty = nothing was said. */
  verdict: string;
  /** Of a relabel: whom the image belongs to. */
  identity: string;
  /** Number of the face that it is about, from 1, as it stands there; empty or absent = nothing was said of faces. */
  face?: string;
  /** Whose a leading apostrophe in `path` and `identity` is. @see readName */
  apostrophes?: Apostrophes;
  /** Of a table: the decision that stands in the row, and the sift run that made it. */
  decision?: string;
  run?: string;
  /** Who said it, when the tool writes that down. */
  reviewer?: string;
}

/** A way to hand decisions to other programs and to take their answers. A new one is one file and one line in formats.ts. */
export interface DecisionFormat {
  name: string;
  /** How its files end; the first is the usual one. */
  endings: readonly string[];
  /** People open its files in a spreadsheet. */
  forSpreadsheets?: true;
  /** The export first, then what goes beside it. @throws FormatError when the format cannot hold a name */
  write(decisions: readonly ExportedDecision[], options: WriteOptions): OutFile[] | Promise<OutFile[]>;
  recognises(file: ImportedFile): boolean;
  /** @throws FormatError with file and row */
  read(file: ImportedFile): Answer[] | Promise<Answer[]>;
}
