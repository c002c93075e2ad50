/** Features as a file holds them: N rows of D numbers, one after the other. */
export interface StoredFeatures {
  data: Float32Array; // (N * D)
  rows: number;
  dimensions: number;
}

/** A kind of file that holds a matrix of features. A new one is one file and one entry of read-features.ts. */
export interface EmbeddingFormat {
  name: string;
  /** With the dot, in lower case. */
  endings: readonly string[];
  /**
   * Reads the features of `file`.
   *
   * @param column name of the tensor or column, where a file can hold several
   * @throws FormatError if the file does not hold a matrix of numbers
   * @throws UnreadableFileError if it cannot be opened
   */
  read(file: string, column: string | undefined): Promise<StoredFeatures> | StoredFeatures;
}
