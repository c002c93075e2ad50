import { type KernelEntry, traced } from '../kernel.js';

export const matrixProductKernels: KernelEntry[] = [
  {
    kernel: 'BatchMatMul',
    emit: ({ graph, inputs: { a, b }, attrs: { transposeA, transposeB } }) => {
      const rank = a.shape.length;
      const rows = a.shape[transposeA ? rank - 1 : rank - 2];
      const columns = b.shape[transposeB ? b.shape.length - 2 : b.shape.length - 1];
      const batch = a.shape.slice(0, -2);
      const [left, right] = [graph.nameOf(a), graph.nameOf(b)];
      if (rank === 2)
        return traced(
          graph.node('Gemm', [left, right], { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 }),
          [rows, columns],
          'float32',
        );

      const swapLast = [...batch.keys(), rank - 1, rank - 2];
      const turned = (name: string, turn: boolean): string =>
        turn ? graph.node('Transpose', [name], { perm: swapLast }) : name;
      const name = graph.node('MatMul', [turned(left, transposeA), turned(right, transposeB)]);
      return traced(name, [...batch, rows, columns], 'float32');
    },
  },
];
