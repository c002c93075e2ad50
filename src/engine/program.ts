import type { Tensor } from '#tfjs';

/** A `uint8` input reaches the program's body as float32 in 0..255: images cross the border as bytes. */
export type DType = 'float32' | 'int32' | 'uint8';

export interface TensorSpec {
  shape: number[];
  dtype: DType;
}

export type Tensors = Record<string, Tensor>;
export type TypedArray = Float32Array | Int32Array | Uint8Array;
export type Arrays = Record<string, TypedArray>;

/**
 * Tensor code written once with the TensorFlow.js API: named tensors in and out, static shapes, no side effects.
 * `body` returns the next value of every state tensor it changes.
 */
export interface Program {
  inputs: Record<string, TensorSpec>;
  /** Weights, momentum, running statistics; float32. */
  state: Record<string, TensorSpec>;
  body(inputs: Tensors, state: Tensors): { outputs: Tensors; state?: Tensors };
}

export interface Engine {
  readonly name: string;
  /**
   * @param options.frozen the program changes no state: the engine may compile it in
   * @throws EngineError, UnsupportedKernelError
   */
  load(program: Program, state: Arrays, options?: { frozen?: boolean }): Promise<Executable>;
  /** @throws EngineError if this machine has no such engine or device */
  check(): Promise<void>;
}

export interface Executable {
  /** One step: outputs by name; the state moves on inside the engine. */
  run(inputs: Arrays): Promise<Arrays>;
  readState(): Promise<Arrays>;
  dispose(): Promise<void>;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

export interface EngineOptions {
  threads: number;
  /** `cpu`, or an execution provider of ONNX Runtime. */
  device: string;
}
