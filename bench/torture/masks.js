/** What may differ between two undisturbed runs, by name: times, durations, and hashes of texts that hold them. */
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
const DURATION = /(\\?"(?:seconds|imagesPerSecond)\\?":\s*)(?:[-\d.e]+|\{[^}]*\})/g;
/** Columns of tables. */
export const timeColumns = new Set(['finished_at', 'created_at', 'given_at', 'forgotten_at', 'seconds']);

export const maskText = (text) => text.replace(TIME, '(time)').replace(DURATION, '$1(duration)');

/** A report tells durations and the day in words. */
const maskReport = (text) =>
  maskText(text).replace(/\b\d+(\.\d+)? (s|min|h)\b|\b\d{1,2} [A-Z][a-z]+ 20\d\d(, \d\d:\d\d UTC)?/g, '(time)');

/** A report's key and hash depend on when its stages were done. */
export const maskReportKey = (text) => text.replace(/\breport-[0-9a-f]{10}\b/g, '(report)');
export const maskReportHash = (text) => text.replace(/\b[0-9a-f]{64}\b/g, '(hash)');

/** Of the whole file, the header's times included. */
const CHECKSUM = /("facesieve\.crc32c":")[0-9a-f]{8}/;

/** safetensors: how long training took stands in the header. */
function maskTensors(bytes) {
  if (bytes.length < 8) return bytes;
  const header = 8 + Number(bytes.readBigUInt64LE(0));
  return Buffer.concat([
    Buffer.from(
      maskText(bytes.toString('utf8', 8, header))
        .replace(CHECKSUM, '$1')
        .trimEnd(),
    ),
    bytes.subarray(header),
  ]);
}

/** The bytes of a file as they are compared. */
export function maskFile(path, bytes) {
  if (path.endsWith('.html')) return maskReport(bytes.toString('latin1'));
  if (/\.(json|csv|jsonl|md|txt|lst)$/.test(path)) return maskText(bytes.toString('latin1'));
  return path.includes('.safetensors') ? maskTensors(bytes) : bytes;
}
