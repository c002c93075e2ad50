import { sha256 } from '../core/fingerprint.js';
import type { OutImage } from '../formats/dataset/writer.js';

/** Hashes of what goes into a set, for its ledger: of crops they are only known once they are encoded. */
export class WrittenHashes {
  private readonly seen = new Map<string, string>(); // by path

  /** `image`, hashed as it is read where its hash is not known before. */
  watch(image: OutImage): OutImage {
    if (image.writtenSha256 !== undefined) return image;
    const read = async (): Promise<Uint8Array> => {
      const bytes = await image.read();
      this.seen.set(image.path, sha256(bytes));
      return bytes;
    };
    return { ...image, read };
  }

  /** @param written paths as the writer told them, in the order of `images` */
  byPath(images: readonly OutImage[], written: readonly string[]): Map<string, string> {
    return new Map(
      images.map(({ path, writtenSha256 }, i) => [written[i], writtenSha256 ?? this.seen.get(path) ?? '']),
    );
  }
}
