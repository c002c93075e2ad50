import { FormatError } from '../../core/errors.js';
import { callKnown, KnownCall, type Pickled, PickledText, pythonText } from './pickle-calls.js';

/** Where reading stands: the file, the stack since the last mark, the stacks below it, what was memoised. */
interface Machine {
  bytes: Buffer;
  at: number;
  stack: Pickled[];
  below: Pickled[][];
  memo: Map<number, Pickled>;
}

type Step = (machine: Machine) => void;

/**
 * Reads a pickle of tuples, lists, bytes, booleans and small integers, and nothing else, in protocols 0 to 5: nothing in
 * here can look up or call anything, whatever the file says. What older protocols write for bytes, a call of Python's own
 * encoder, is known by its name and done here. Python 2's strings are bytes. Bytes are views of the file's.
 * @param file named in errors @throws FormatError naming the first opcode that is not one of these
 */
export function readPickleSubset(bytes: Buffer, file: string): Pickled {
  const machine: Machine = { bytes, at: 0, stack: [], below: [], memo: new Map() };
  try {
    for (;;) {
      const opcode = number(machine, 1);
      if (opcode === STOP) return pop(machine);
      const step = steps[opcode];
      if (!step) throw new FormatError(`it holds ${describe(opcode)}, which is none of the opcodes read here`);
      step(machine);
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(`"${file}", byte ${machine.at}: ${error.message}.`, [
      'Read are pickled tuples and lists of bytes, booleans and integers; a pickle is a program, and no other part of it is run.',
      'In Python: pickle.dump(([bytes(b) for b in bins], [bool(s) for s in issame]), file, protocol=4)',
    ]);
  }
}

const STOP = 0x2e;

/** What each opcode does. */
const steps: Record<number, Step> = {
  0x80: (m) => void number(m, 1), // PROTO
  0x95: (m) => void take(m, 8), // FRAME
  0x28: (m) => {
    m.below.push(m.stack); // MARK
    m.stack = [];
  },
  0x5d: (m) => m.stack.push([]), // EMPTY_LIST
  0x29: (m) => m.stack.push([]), // EMPTY_TUPLE
  0x6c: (m) => push(m, sinceMark(m)), // LIST
  0x74: (m) => push(m, sinceMark(m)), // TUPLE
  0x85: (m) => m.stack.push(last(m, 1)), // TUPLE1
  0x86: (m) => m.stack.push(last(m, 2)), // TUPLE2
  0x87: (m) => m.stack.push(last(m, 3)), // TUPLE3
  0x30: popOrMark, // POP
  0x31: (m) => void sinceMark(m), // POP_MARK
  0x32: (m) => m.stack.push(top(m)), // DUP
  0x4e: (m) => m.stack.push(null), // NONE
  0x49: (m) => m.stack.push(integer(line(m))), // INT
  0x4c: (m) => m.stack.push(integer(line(m).replace(/L$/, ''))), // LONG
  0x53: (m) => m.stack.push(pythonText(line(m))), // STRING
  0x56: (m) => m.stack.push(PickledText.ofEscapes(line(m))), // UNICODE
  0x58: (m) => m.stack.push(PickledText.ofBytes(take(m, number(m, 4)))), // BINUNICODE
  0x8c: (m) => m.stack.push(PickledText.ofBytes(take(m, number(m, 1)))), // SHORT_BINUNICODE
  0x8d: (m) => m.stack.push(PickledText.ofBytes(take(m, wide(m)))), // BINUNICODE8
  0x96: (m) => m.stack.push(take(m, wide(m))), // BYTEARRAY8
  0x8a: (m) => m.stack.push(longOf(take(m, number(m, 1)))), // LONG1
  0x63: (m) => m.stack.push(new KnownCall(line(m), line(m))), // GLOBAL
  0x93: (m) => m.stack.push(KnownCall.ofTexts(last(m, 2))), // STACK_GLOBAL
  0x52: (m) => m.stack.push(callKnown(last(m, 2))), // REDUCE
  0x70: (m) => m.memo.set(integer(line(m)), top(m)), // PUT
  0x67: (m) => m.stack.push(remembered(m, integer(line(m)))), // GET
  0x61: (m) => append(m, last(m, 1)), // APPEND
  0x65: (m) => append(m, sinceMark(m)), // APPENDS
  0x55: (m) => m.stack.push(take(m, number(m, 1))), // SHORT_BINSTRING
  0x54: (m) => m.stack.push(take(m, number(m, 4))), // BINSTRING
  0x43: (m) => m.stack.push(take(m, number(m, 1))), // SHORT_BINBYTES
  0x42: (m) => m.stack.push(take(m, number(m, 4))), // BINBYTES
  0x8e: (m) => m.stack.push(take(m, wide(m))), // BINBYTES8
  0x88: (m) => m.stack.push(true), // NEWTRUE
  0x89: (m) => m.stack.push(false), // NEWFALSE
  0x4b: (m) => m.stack.push(number(m, 1)), // BININT1
  0x4d: (m) => m.stack.push(number(m, 2)), // BININT2
  0x4a: (m) => m.stack.push(take(m, 4).readInt32LE()), // BININT
  0x71: (m) => m.memo.set(number(m, 1), top(m)), // BINPUT
  0x72: (m) => m.memo.set(number(m, 4), top(m)), // LONG_BINPUT
  0x94: (m) => m.memo.set(m.memo.size, top(m)), // MEMOIZE
  0x68: (m) => m.stack.push(remembered(m, number(m, 1))), // BINGET
  0x6a: (m) => m.stack.push(remembered(m, number(m, 4))), // LONG_BINGET
};

/** The stack is that of now, not that before the mark was taken away. */
const push = (machine: Machine, value: Pickled): void => void machine.stack.push(value);

/** Takes away the last value, or the mark when nothing came since. */
function popOrMark(machine: Machine): void {
  if (machine.stack.length > 0) machine.stack.pop();
  else sinceMark(machine);
}

const wide = (machine: Machine): number => Number(take(machine, 8).readBigUInt64LE());

/** Bytes up to the end of the line, as Latin-1. */
function line(machine: Machine): string {
  const end = machine.bytes.indexOf(10, machine.at);
  if (end < 0) throw new FormatError('it ends in the middle');
  const text = take(machine, end - machine.at).toString('latin1');
  machine.at++;
  return text.replace(/\r$/, '');
}

/** A number of protocol 0, where `00` and `01` are false and true. */
function integer(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value)) throw new FormatError(`"${text}" is no whole number`);
  return value;
}

/** Little-endian, in two's complement. */
function longOf(bytes: Buffer): number {
  if (bytes.length > 6) throw new FormatError('it holds a number that is too large');
  return bytes.length === 0 ? 0 : bytes.readIntLE(0, bytes.length);
}

const describe = (opcode: number): string =>
  refusedOpcodes[opcode] ?? `the byte 0x${opcode.toString(16).padStart(2, '0')}`;

function take(machine: Machine, length: number): Buffer {
  const end = machine.at + length;
  if (end > machine.bytes.length) throw new FormatError('it ends in the middle');
  const part = machine.bytes.subarray(machine.at, end);
  machine.at = end;
  return part;
}

/** Unsigned, little-endian. */
const number = (machine: Machine, length: number): number => take(machine, length).readUIntLE(0, length);

function top({ stack }: Machine): Pickled {
  if (stack.length === 0) throw new FormatError('its stack is empty where a value is needed');
  return stack[stack.length - 1];
}

function pop(machine: Machine): Pickled {
  const value = top(machine);
  machine.stack.pop();
  return value;
}

function last({ stack }: Machine, count: number): Pickled[] {
  if (stack.length < count) throw new FormatError('its stack is empty where a value is needed');
  return stack.splice(stack.length - count);
}

function sinceMark(machine: Machine): Pickled[] {
  const below = machine.below.pop();
  if (!below) throw new FormatError('it asks for a mark that was never set');
  const values = machine.stack;
  machine.stack = below;
  return values;
}

function append(machine: Machine, values: readonly Pickled[]): void {
  const list = top(machine);
  if (!Array.isArray(list)) throw new FormatError('it appends to something that is not a list');
  for (const value of values) list.push(value);
}

function remembered({ memo }: Machine, key: number): Pickled {
  const value = memo.get(key);
  if (value === undefined) throw new FormatError('it recalls what it never memoised');
  return value;
}

/** Opcodes of Python's pickle that are not read here, by their byte: named when a file is refused. */
const refusedOpcodes: Record<number, string> = {
  ...{ 0x46: 'FLOAT', 0x47: 'BINFLOAT', 0x50: 'PERSID', 0x51: 'BINPERSID', 0x62: 'BUILD', 0x64: 'DICT' },
  ...{ 0x7d: 'EMPTY_DICT', 0x69: 'INST', 0x6f: 'OBJ', 0x73: 'SETITEM', 0x75: 'SETITEMS' },
  ...{ 0x81: 'NEWOBJ', 0x82: 'EXT1', 0x83: 'EXT2', 0x84: 'EXT4', 0x8b: 'LONG4' },
  ...{ 0x8f: 'EMPTY_SET', 0x90: 'ADDITEMS', 0x91: 'FROZENSET' },
  ...{ 0x92: 'NEWOBJ_EX', 0x97: 'NEXT_BUFFER', 0x98: 'READONLY_BUFFER' },
};
