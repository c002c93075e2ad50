import tseslint from 'typescript-eslint';

const home = (name, place) => ({
  name,
  message: `${name} has one home: ${place}. Call what that file exports instead.`,
});
const homes = [
  home('sharp', 'src/images'),
  home('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs', 'src/images/small-jpeg.ts'),
  home('better-sqlite3', 'src/workspace/database.ts'),
  home('usearch', 'src/index'),
  home('onnxruntime-node', 'src/engine'),
];
const homesExcept = (...names) => ({
  'no-restricted-imports': ['error', { paths: homes.filter(({ name }) => !names.includes(name)) }],
});

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/'] },
  ...tseslint.configs.recommended,
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 60 }],
      ...homesExcept(),
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['src/images/*.ts'], rules: homesExcept('sharp') },
  {
    files: ['src/images/small-jpeg.ts'],
    rules: homesExcept('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs'),
  },
  { files: ['src/workspace/database.ts'], rules: homesExcept('better-sqlite3') },
  { files: ['src/index/{cells-index,usearch-graph}.ts'], rules: homesExcept('usearch') },
  { files: ['src/engine/**/*.ts'], rules: homesExcept('onnxruntime-node') },
  { files: ['src/engine/trace/trace-backend.ts'], rules: { '@typescript-eslint/no-empty-function': 'off' } },
);
