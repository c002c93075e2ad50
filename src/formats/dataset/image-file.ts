import { UnreadableFileError, readBeginning } from '../../core/regular-file.js';
import { isImageBeginning, isImageName, KIND_BYTES } from '../../images/image-name.js';

/** Endings of files that lie beside images and are none: they are not opened to see what they are. */
const other =
  /\.(json[l5]?|txt|csv|tsv|xml|ya?ml|md|html?|js|css|py|sh|lst|idx|rec|log|ini|cfg|pdf|docx?|xlsx?|pkl|pickle|npy|npz|mat|h5|pth?|pt|onnx|parquet|arrow|tar|t?gz|zip|7z|rar|mp[34]|avi|mov|mkv|webm|wav|db|sqlite|sha\d*|md5|cls)$/i;

/** Is a member of an archive called so an image? WebDataset also calls them `.img` and `.image`. */
export const isImageFileName = (name: string): boolean => isImageName(name) || /\.(img|image)$/i.test(name);

/** Is a file of this name none to look into for an image? */
export const isOtherName = (name: string): boolean => !isImageFileName(name) && other.test(name);

const RAW = /\.(cr[23]|nef|arw|dng|raf|orf|rw2|pef|srw)$/i;

/** Kinds of files that lie among images, and what becomes of them. */
const notDecoded: readonly (readonly [name: RegExp, what: string])[] = [
  [
    /\.(jxl|jp2|j2k|jpf|jpx)$/i,
    'a JPEG XL or JPEG 2000 image, which cannot be decoded here: convert it to JPEG or PNG',
  ],
  [RAW, "a camera's raw file, which cannot be decoded here: convert it to JPEG or PNG"],
  [
    /\.(psd|psb|xcf|tga|pcx|ico|exr|hdr)$/i,
    'an image of a kind that cannot be decoded here: convert it to JPEG or PNG',
  ],
  [/\.(svgz?|ai|eps|wmf|emf)$/i, 'a drawing, which is no photograph'],
  [/\.(mp4|m4v|avi|mov|mkv|webm|wmv|flv|3gp|mpe?g)$/i, 'a film, whose frames are not taken'],
  [/\.(zip|rar|7z|tar|tgz|tar\.(gz|xz|bz2|zst))$/i, 'an archive among other files: ingest it by itself, or unpack it'],
  [
    /\.(rec|parquet|arrow|h5|hdf5|mat|npz|npy|pkl|pickle)$/i,
    'a file of data among other files, which is not looked into',
  ],
];

/** Why a file of this name among images is none. */
export function whyNoImage(name: string): string {
  const what = notDecoded.find(([pattern]) => pattern.test(name))?.[1];
  return what === undefined ? 'not an image by its name, nor by its first bytes' : `it is ${what}`;
}

/** Is `file`, called `name`, an image: by its name, or else by its first bytes? */
export function isImageFile(file: string, name: string): boolean {
  if (isImageName(name)) return true;
  if (isOtherName(name) || RAW.test(name)) return false; // a raw file begins as a TIFF does
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
