import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

const projects = [
  'src',
  'src/engine/kernels/assembly',
  'src/host',
  'src/tsconfig.node.json',
  'src/tsconfig.web.json',
  'webview',
  'test',
  'test/webview',
].map((project) => (project.endsWith('.json') ? project : `${project}/tsconfig.json`));

/** Rooms above those that only hold numbers, configs and data. */
const upper = [
  'protocol',
  'advice',
  'compare',
  'sweep',
  'training',
  'answers',
  'exports',
  'worker',
  'host',
  'cli',
  'webview',
];
const without = (...rooms) => upper.filter((room) => !rooms.includes(room));

/** Files of a room may not import from the rooms named; the arrows between rooms are in CONTRIBUTING.md. */
function fence(files, rooms, others = {}) {
  const regex = `(^|/)(${rooms.join('|')})(/|$)`;
  const message = 'This room may not import from there: see "Rooms" in CONTRIBUTING.md.';
  const patterns = [{ regex, message }];
  if (!others.node) patterns.push({ regex: '^node:', message });
  if (!others.vscode) patterns.push({ regex: '^vscode$', message });
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', '.vscode-test/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: projects, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/unbound-method': 'off',
      eqeqeq: 'error',
      'no-eval': 'error',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        require: 'readonly',
        module: 'readonly',
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        __dirname: 'readonly',
        URL: 'readonly',
      },
    },
  },
  {
    // What is one type to TypeScript is several to AssemblyScript, so its casts are needed.
    files: ['src/engine/kernels/assembly/*.ts'],
    rules: { '@typescript-eslint/no-unnecessary-type-assertion': 'off' },
  },
  fence(['src/base/**'], ['engine', 'config', 'data', ...upper]),
  fence(['src/engine/**'], ['base', 'config', ...upper]),
  fence(['src/config/**'], ['src/data', ...upper]),
  fence(['src/data/**'], ['config', ...upper]),
  fence(['src/protocol/**'], ['config', 'engine/(kernels|linear|landscape)', ...without('protocol')]),
  // Of the engine, reports and what is read off them.
  fence(['src/advice/**'], ['engine/(kernels|train|linear|landscape)', ...without('protocol', 'advice')]),
  fence(
    ['src/compare/**'],
    ['config', 'engine/(kernels|train|linear|landscape)', ...without('protocol', 'advice', 'compare')],
  ),
  fence(
    ['src/sweep/**'],
    ['engine/(kernels|train|linear|landscape)', 'training', 'answers', 'exports', 'worker', 'host', 'cli', 'webview'],
  ),
  fence(['src/training/**'], ['answers', 'exports', 'worker', 'host', 'cli', 'webview']),
  fence(['src/answers/**'], ['exports', 'worker', 'host', 'cli', 'webview']),
  fence(['src/exports/**'], ['worker', 'host', 'cli', 'webview']),
  // Texts of tables, which a page and the extension host write too.
  fence(
    ['src/exports/tables/**'],
    ['config', 'engine', 'data', 'training', 'answers', 'worker', 'host', 'cli', 'webview'],
  ),
  fence(['src/worker/**'], ['host', 'cli', 'webview']),
  {
    files: ['node', 'nodeHelper', 'start/nodeWorkers', 'openFile'].map((name) => `src/worker/${name}.ts`),
    rules: { 'no-restricted-imports': 'off' },
  },
  fence(['src/cli/**'], ['host', 'webview'], { node: true }),
  fence(
    ['src/host/**'],
    ['training', 'answers', 'exports(?!/tables)', 'worker', 'cli', 'webview/(?!index\\.html|styles\\.css)'],
    {
      vscode: true,
    },
  ),
  { files: ['src/host/records/nodeRecordFolder.ts'], rules: { 'no-restricted-imports': 'off' } },
  // Records of losses and optimizers are light: formulas and words, and nothing that trains.
  fence(
    ['webview/**'],
    [
      'src/(config|data|sweep|training|answers|worker|host|cli)',
      'exports/(?!tables)',
      'engine/(kernels|train|linear|landscape|random)',
    ],
  ),
);
