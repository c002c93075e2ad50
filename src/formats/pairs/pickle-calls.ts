import { FormatError } from '../../core/errors.js';

/** What may be in a pickle that is read here; tuples and lists are both arrays. */
export type Pickled = Uint8Array | number | boolean | null | PickledText | KnownCall | Pickled[];

/** Text in a pickle: what bytes are made of in protocols that have none, and names. */
export class PickledText {
  private constructor(readonly text: string) {}

  static readonly ofBytes = (bytes: Buffer): PickledText => new PickledText(bytes.toString('utf8'));

  /** As protocol 0 writes it: Latin-1, with `\uXXXX` for the rest and for line ends. */
  static readonly ofEscapes = (line: string): PickledText =>
    new PickledText(
      line.replace(/\\U([\da-f]{8})|\\u([\da-f]{4})/gi, (_, long?: string, short?: string) =>
        String.fromCodePoint(parseInt(long ?? short ?? '', 16)),
      ),
    );
}

/** Calls that stand for bytes in old protocols; their names are compared, nothing is looked up. */
const known = new Set([
  '_codecs.encode',
  '__builtin__.bytes',
  'builtins.bytes',
  '__builtin__.bytearray',
  'builtins.bytearray',
]);

/** One of Python's own makers of bytes, by name. @throws FormatError when it is any other */
export class KnownCall {
  readonly name: string;

  constructor(module: string, name: string) {
    this.name = `${module}.${name}`;
    if (!known.has(this.name))
      throw new FormatError(`it holds GLOBAL of "${this.name}", which is none of the names read here`);
  }

  static ofTexts([module, name]: readonly Pickled[]): KnownCall {
    if (!(module instanceof PickledText && name instanceof PickledText))
      throw new FormatError('it names something that is no text');
    return new KnownCall(module.text, name.text);
  }
}

/** The bytes that a known call gives for its arguments. @throws FormatError */
export function callKnown([call, values]: readonly Pickled[]): Uint8Array {
  if (!(call instanceof KnownCall) || !Array.isArray(values))
    throw new FormatError('it holds REDUCE of what is no name');
  const [value] = values;
  if (value === undefined) return new Uint8Array(0);
  if (value instanceof PickledText) return Buffer.from(value.text, 'latin1');
  if (value instanceof Uint8Array) return value;
  throw new FormatError(`it calls "${call.name}" with something that is neither text nor bytes`);
}

const simple: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** The bytes of a string as Python 2 prints it, in quotes and with escapes. @throws FormatError */
export function pythonText(line: string): Uint8Array {
  const inside = /^(['"])(.*)\1$/s.exec(line.trim())?.[2];
  if (inside === undefined) throw new FormatError('it holds a STRING without quotes');
  const text = inside.replace(/\\(?:x([\da-f]{2})|(.))/gis, (all: string, hex?: string, letter?: string) =>
    hex === undefined ? (simple[letter ?? ''] ?? all) : String.fromCharCode(parseInt(hex, 16)),
  );
  return Buffer.from(text, 'latin1');
}
