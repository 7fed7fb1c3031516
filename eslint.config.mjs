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
  fence(['src/engine/**'], ['config', 'data', 'run', 'advice', 'worker', 'host', 'cli', 'webview', 'problem']),
  fence(['src/config/**'], ['data', 'run', 'advice', 'worker', 'host', 'cli', 'webview']),
  fence(['src/data/**'], ['config', 'run', 'advice', 'worker', 'host', 'cli', 'webview']),
  fence(['src/run/**'], ['worker', 'host', 'cli', 'webview']),
  // Of the engine, reports and what is read off them.
  fence(['src/advice/**'], ['data/(?!describeTable$)', 'engine/(?!curvature/)', 'worker', 'host', 'cli', 'webview']),
  fence(['src/worker/**'], ['host', 'cli', 'webview']),
  {
    files: ['src/worker/node.ts', 'src/worker/nodeHelper.ts', 'src/worker/openFile.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  fence(['src/cli/**'], ['host', 'webview'], { node: true }),
  fence(['src/host/**'], ['worker', 'cli', 'webview/(?!index\\.html|styles\\.css)'], { vscode: true }),
  // Records of losses and optimizers are light: formulas and words, and nothing that trains.
  fence(['webview/**'], ['config', 'data', 'engine(?!/(links|losses|optimizers)$)', 'worker', 'host', 'cli']),
);
