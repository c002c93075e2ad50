/** Opcodes of Python's pickle that are not read here, by their byte: named when a file is refused. */
export const refusedOpcodes: Record<number, string> = {
  ...{ 0x30: 'POP', 0x31: 'POP_MARK', 0x32: 'DUP', 0x46: 'FLOAT', 0x49: 'INT', 0x4c: 'LONG' },
  ...{ 0x4e: 'NONE', 0x50: 'PERSID', 0x51: 'BINPERSID', 0x52: 'REDUCE', 0x53: 'STRING', 0x56: 'UNICODE' },
  ...{ 0x58: 'BINUNICODE', 0x62: 'BUILD', 0x63: 'GLOBAL', 0x64: 'DICT', 0x7d: 'EMPTY_DICT', 0x67: 'GET' },
  ...{ 0x69: 'INST', 0x6f: 'OBJ', 0x70: 'PUT', 0x73: 'SETITEM', 0x75: 'SETITEMS', 0x47: 'BINFLOAT' },
  ...{ 0x81: 'NEWOBJ', 0x82: 'EXT1', 0x83: 'EXT2', 0x84: 'EXT4', 0x8a: 'LONG1', 0x8b: 'LONG4' },
  ...{ 0x8c: 'SHORT_BINUNICODE', 0x8d: 'BINUNICODE8', 0x8f: 'EMPTY_SET', 0x90: 'ADDITEMS', 0x91: 'FROZENSET' },
  ...{ 0x92: 'NEWOBJ_EX', 0x93: 'STACK_GLOBAL', 0x96: 'BYTEARRAY8', 0x97: 'NEXT_BUFFER', 0x98: 'READONLY_BUFFER' },
};
