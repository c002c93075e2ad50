/** Opcodes of Python's pickle that are not read here, by their byte: named when a file is refused. */
export const refusedOpcodes: Record<number, string> = {
  ...{ 0x46: 'FLOAT', 0x47: 'BINFLOAT', 0x50: 'PERSID', 0x51: 'BINPERSID', 0x62: 'BUILD', 0x64: 'DICT' },
  ...{ 0x7d: 'EMPTY_DICT', 0x69: 'INST', 0x6f: 'OBJ', 0x73: 'SETITEM', 0x75: 'SETITEMS' },
  ...{ 0x81: 'NEWOBJ', 0x82: 'EXT1', 0x83: 'EXT2', 0x84: 'EXT4', 0x8b: 'LONG4' },
  ...{ 0x8f: 'EMPTY_SET', 0x90: 'ADDITEMS', 0x91: 'FROZENSET' },
  ...{ 0x92: 'NEWOBJ_EX', 0x97: 'NEXT_BUFFER', 0x98: 'READONLY_BUFFER' },
};
