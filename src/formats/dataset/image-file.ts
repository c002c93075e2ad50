import { UnreadableFileError, readBeginning } from '../../core/regular-file.js';
import { isImageBeginning, isImageName, KIND_BYTES } from '../../images/image-name.js';

/** Endings of files that lie beside images and are none: they are not opened to see what they are. */
const other =
  /\.(json[l5]?|txt|csv|tsv|xml|ya?ml|md|html?|js|css|py|sh|lst|idx|rec|log|ini|cfg|pdf|docx?|xlsx?|pkl|pickle|npy|npz|mat|h5|pth?|pt|onnx|parquet|arrow|tar|t?gz|zip|7z|rar|mp[34]|avi|mov|mkv|webm|wav|db|sqlite|sha\d*|md5|cls)$/i;

/** Is a member of an archive called so an image? WebDataset also calls them `.img` and `.image`. */
export const isImageFileName = (name: string): boolean => isImageName(name) || /\.(img|image)$/i.test(name);

/** Is a file of this name none to look into for an image? */
export const isOtherName = (name: string): boolean => !isImageFileName(name) && other.test(name);

/** Is `file`, called `name`, an image: by its name, or else by its first bytes? */
export function isImageFile(file: string, name: string): boolean {
  if (isImageName(name)) return true;
  if (isOtherName(name)) return false;
  const head = headOf(file);
  return head !== undefined && isImageBeginning(head);
}

/** The first bytes of a file, or undefined when it cannot be read. */
function headOf(file: string): Uint8Array | undefined {
  try {
    return readBeginning(file, KIND_BYTES);
  } catch (error) {
    if (error instanceof UnreadableFileError) return undefined;
    throw error;
  }
}
