/**
 * The few wire forms of Protocol Buffers that an ONNX model needs: varints, length-delimited fields, 32-bit floats.
 * Field numbers come from onnx.proto; see onnx-writer.ts.
 */
const VARINT = 0;
const LENGTH_DELIMITED = 2;

export class MessageWriter {
  private readonly parts: Uint8Array[] = [];
  private length = 0;

  private push(bytes: Uint8Array): void {
    this.parts.push(bytes);
    this.length += bytes.length;
  }

  private varint(value: bigint): void {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, value);
    do {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      bytes.push(rest > 0n ? low | 0x80 : low);
    } while (rest > 0n);
    this.push(Uint8Array.from(bytes));
  }

  integer(field: number, value: number): this {
    this.varint(BigInt((field << 3) | VARINT));
    this.varint(BigInt(value));
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.varint(BigInt((field << 3) | LENGTH_DELIMITED));
    this.varint(BigInt(value.length));
    this.push(value);
    return this;
  }

  /** A field as it was read, whatever its wire type. */
  raw(field: number, wire: number, value: Uint8Array | bigint): this {
    this.varint(BigInt((field << 3) | wire));
    if (typeof value === 'bigint') this.varint(value);
    else {
      if (wire === LENGTH_DELIMITED) this.varint(BigInt(value.length));
      this.push(value);
    }
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: MessageWriter): this {
    return this.bytes(field, value.finish());
  }

  /** 32-bit float, wire type 5. */
  float(field: number, value: number): this {
    this.varint(BigInt((field << 3) | 5));
    this.push(new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  finish(): Uint8Array {
    const all = new Uint8Array(this.length);
    let offset = 0;
    for (const part of this.parts) {
      all.set(part, offset);
      offset += part.length;
    }
    return all;
  }
}
