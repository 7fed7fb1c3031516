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

/** All exports but texts of tables, which a page and the extension host write too. */
const beyondTables = ['exports/[^/]+$', 'exports/(onnx|torchrun)'];

/** Files of a room may not import from the rooms named; the arrows between rooms are in CONTRIBUTING.md. */
function fence(files, rooms, others = {}) {
  const regex = `(^|/)(${rooms.join('|')})(/|$)`;
  const message = 'This room may not import from there: see "Rooms" in CONTRIBUTING.md.';
  const patterns = [{ regex, message }];
  if (!others.node) patterns.push({ regex: '^node:', message });
  if (!others.vscode) patterns.push({ regex: '^vscode$', message });
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

export default {
  ignorePatterns: ['dist/', 'out/', 'node_modules/', '.vscode-test/'],
  options: { typeAware: true, denyWarnings: true },
  plugins: ['typescript'],
  categories: { correctness: 'error' },
  rules: {
    eqeqeq: 'error',
    'no-array-constructor': 'error',
    'no-case-declarations': 'error',
    'no-empty': 'error',
    'no-eval': 'error',
    'no-fallthrough': 'error',
    'no-prototype-builtins': 'error',
    'no-regex-spaces': 'error',
    'no-undef': 'error',
    'no-unexpected-multiline': 'error',
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    'no-useless-assignment': 'error',
    'preserve-caught-error': 'error',
  },
  overrides: [
    {
      files: ['**/*.ts', '**/*.mts'],
      rules: {
        // TypeScript finds names that are not declared, and knows all global ones.
        'no-undef': 'off',
        'no-var': 'error',
        'prefer-const': 'error',
        'prefer-rest-params': 'error',
        'prefer-spread': 'error',
        'typescript/ban-ts-comment': 'error',
        'typescript/consistent-type-imports': [
          'error',
          { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
        ],
        'typescript/no-empty-object-type': 'error',
        'typescript/no-explicit-any': 'error',
        'typescript/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
        'typescript/no-namespace': 'error',
        'typescript/no-require-imports': 'error',
        'typescript/no-unnecessary-type-assertion': 'error',
        'typescript/no-unnecessary-type-constraint': 'error',
        'typescript/no-unsafe-argument': 'error',
        'typescript/no-unsafe-assignment': 'error',
        'typescript/no-unsafe-call': 'error',
        'typescript/no-unsafe-enum-comparison': 'error',
        'typescript/no-unsafe-function-type': 'error',
        'typescript/no-unsafe-member-access': 'error',
        'typescript/no-unsafe-return': 'error',
        'typescript/only-throw-error': 'error',
        'typescript/prefer-promise-reject-errors': 'error',
        'typescript/require-await': 'error',
        'typescript/restrict-plus-operands': 'error',
        'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
        'typescript/unbound-method': 'off',
      },
    },
    { files: ['**/*.js', '**/*.mjs', '**/*.cjs'], env: { node: true } },
    {
      // What is one type to TypeScript is several to AssemblyScript, so its casts are needed.
      files: ['src/engine/kernels/assembly/*.ts'],
      rules: { 'typescript/no-unnecessary-type-assertion': 'off' },
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
    fence(['src/host/**'], ['training', 'answers', ...beyondTables, 'worker', 'cli', 'webview/[^.]+$'], {
      vscode: true,
    }),
    { files: ['src/host/records/nodeRecordFolder.ts'], rules: { 'no-restricted-imports': 'off' } },
    // Records of losses and optimizers are light: formulas and words, and nothing that trains.
    fence(
      ['webview/**'],
      [
        'src/(config|data|sweep|training|answers|worker|host|cli)',
        ...beyondTables,
        'engine/(kernels|train|linear|landscape|random)',
      ],
    ),
  ],
};
