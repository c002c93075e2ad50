import * as tf from '#tfjs';
import { type GraphBuilder, type TracedValue } from './graph-builder.js';
import { traceKernels } from './kernels.js';

const BACKEND = 'facesieve-trace';

/** A TensorFlow.js backend that computes nothing: its kernels append ONNX nodes to the graph being traced. */
class TraceBackend extends tf.KernelBackend {
  private readonly values = new tf.DataStorage<TracedValue>(this, tf.engine());
  graph: GraphBuilder | undefined;

  hold(value: TracedValue): tf.TensorInfo {
    const dataId = {};
    this.values.set(dataId, value);
    return { dataId, shape: value.shape, dtype: value.dtype };
  }

  tracedOf(tensor: tf.TensorInfo): TracedValue {
    const held = this.values.get(tensor.dataId);
    // TensorFlow.js reshapes some constants by sharing their data: the tensor knows its shape, the data may not.
    return held.constant && held.shape.join() !== tensor.shape.join()
      ? { ...held, shape: tensor.shape, names: {} }
      : held;
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object {
    const dataId = {};
    this.move(dataId, values, shape, dtype);
    return dataId;
  }

  override move(dataId: object, values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): void {
    this.values.set(dataId, { shape, dtype, constant: values as Float32Array, names: {} });
  }

  override readSync(dataId: object): Float32Array {
    const { constant } = this.values.get(dataId);
    if (constant) return constant as Float32Array;
    throw new Error('A traced program may not read the values of its tensors: they do not exist yet.');
  }

  override read(dataId: object): Promise<Float32Array> {
    return Promise.resolve(this.readSync(dataId));
  }

  override numDataIds(): number {
    return this.values.numDataIds();
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override disposeData(dataId: object): boolean {
    if (this.values.has(dataId)) this.values.delete(dataId);
    return true;
  }

  override incRef(): void {}

  decRef(): void {}

  override refCount(): number {
    return 1;
  }
}

let registered: TraceBackend | undefined;

function traceBackend(): TraceBackend {
  if (registered) return registered;
  const backend = new TraceBackend();
  tf.registerBackend(BACKEND, () => backend);
  for (const { kernel, emit } of traceKernels)
    tf.registerKernel({
      kernelName: kernel,
      backendName: BACKEND,
      kernelFunc: ({ inputs, attrs }) => {
        const values = Object.fromEntries(
          Object.entries(inputs)
            .filter(([, tensor]) => tensor)
            .map(([name, tensor]) => [name, backend.tracedOf(tensor as tf.TensorInfo)]),
        );
        const emitted = emit({ graph: backend.graph!, inputs: values, attrs: attrs ?? {} });
        return Array.isArray(emitted) ? emitted.map((value) => backend.hold(value)) : backend.hold(emitted);
      },
    });
  registered = backend;
  return backend;
}

/** Runs `body` with the trace backend active, its tensors symbols in `graph`; the former backend comes back after. */
export function traceInto<T>(
  graph: GraphBuilder,
  body: (wrap: (value: TracedValue) => tf.Tensor, unwrap: (tensor: tf.Tensor) => TracedValue) => T,
): T {
  const backend = traceBackend();
  const former = tf.engine().backendName;
  tf.setBackend(BACKEND);
  backend.graph = graph;
  tf.engine().startScope();
  try {
    return body(
      (value) => tf.engine().makeTensorFromTensorInfo(backend.hold(value)),
      (tensor) => backend.tracedOf(tensor),
    );
  } finally {
    tf.engine().endScope();
    backend.graph = undefined;
    if (former) tf.setBackend(former);
  }
}
