const { build, context } = require('esbuild');
const fs = require('node:fs');
const path = require('node:path');
const { esbuildKernels } = require('./src/engine/kernels/assembly/compile.js');
const { bundledPackages, noticesOf } = require('./thirdPartyNotices.js');

const flags = new Set(process.argv.slice(2));
const production = flags.has('--production');
const watch = flags.has('--watch');
const tests = flags.has('--tests');

const shared = {
  absWorkingDir: __dirname,
  bundle: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  minify: production,
  sourcemap: !production,
  target: 'es2022',
};
// jsonc-parser's CommonJS build hides its imports from bundlers; its ES modules come first.
const node = { ...shared, format: 'cjs', platform: 'node', target: 'node20', mainFields: ['module', 'main'] };
const browser = { ...shared, format: 'iife', platform: 'browser', target: 'chrome120' };

/** The page's styles, with the icons in them. They are part of the page's HTML, which shows something before any other file has come. */
const styles = {
  ...shared,
  entryPoints: ['webview/styles.css'],
  outfile: 'out/webview.css',
  loader: { '.svg': 'dataurl' },
};

const stylesAsText = {
  name: 'styles',
  setup: (plugin) =>
    plugin.onLoad({ filter: /webview\/styles\.css$/ }, async () => {
      const result = await build({ ...styles, minify: true, sourcemap: false, write: false });
      const watchFiles = Object.keys(result.metafile.inputs).map((input) => path.join(__dirname, input));
      return { contents: result.outputFiles[0].text, loader: 'text', watchFiles };
    }),
};

/** What is loaded on demand is a file beside the bundle that asks for it: whatever is in a bundle takes time as it is loaded. */
function besides(filter, file) {
  return {
    name: file,
    setup: (plugin) => plugin.onResolve({ filter }, () => ({ path: `./${file}`, external: true })),
  };
}

/** A program of Node that reads data. Rarer codecs are most of what their format needs. */
const readsData = {
  ...node,
  plugins: [besides(/^hyparquet-compressors$/, 'compressors.js')],
  supported: { 'dynamic-import': false },
};

const inExtensionHost = {
  format: 'cjs',
  external: ['vscode'],
  loader: { '.html': 'text' },
  plugins: [stylesAsText],
};

/** What ships, by name of bundle; each bundle's metafile is written to out/meta under the same name. */
const product = {
  extension: {
    ...node,
    ...inExtensionHost,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.js',
    plugins: [besides(/^\.\/extensionParts$/, 'extensionParts.js')],
  },
  extensionParts: {
    ...node,
    ...inExtensionHost,
    entryPoints: ['src/extensionParts.ts'],
    outfile: 'dist/extensionParts.js',
  },
  compressors: { ...node, entryPoints: ['hyparquet-compressors'], outfile: 'dist/compressors.js' },
  worker: { ...readsData, entryPoints: ['src/worker/node.ts'], outfile: 'dist/worker.js' },
  webExtension: {
    ...browser,
    ...inExtensionHost,
    entryPoints: ['src/extension.web.ts'],
    outfile: 'dist/extension.web.js',
  },
  webWorker: { ...browser, entryPoints: ['src/worker/web.ts'], outfile: 'dist/worker.web.js' },
  cli: {
    ...readsData,
    entryPoints: ['src/cli.ts'],
    outfile: 'dist/cli.js',
    banner: { js: '#!/usr/bin/env node' },
    plugins: [
      ...readsData.plugins,
      onEnd('executable', () => fs.chmodSync(path.join(__dirname, 'dist/cli.js'), 0o755)),
    ],
  },
  webview: { ...browser, entryPoints: ['webview/main.ts'], outfile: 'dist/webview.js' },
  compare: { ...browser, entryPoints: ['webview/compare.ts'], outfile: 'dist/compare.js' },
  styles,
};

/** The schema of the config file comes from the same table as its type, so it is made by running that code. */
const schema = {
  ...node,
  entryPoints: ['src/config/published/jsonSchema.ts'],
  outfile: 'out/jsonSchema.js',
  plugins: [onEnd('schema', writeSchema)],
};

function writeSchema() {
  const file = path.join(__dirname, 'out/jsonSchema.js');
  delete require.cache[file];
  const { configJsonSchema } = require(file);
  fs.writeFileSync(path.join(__dirname, 'dist/gd.schema.json'), JSON.stringify(configJsonSchema(), null, 2) + '\n');
}

/** An esbuild plugin that does `task` after each build without errors. */
function onEnd(name, task) {
  return { name, setup: (plugin) => plugin.onEnd((result) => (result.errors.length === 0 ? task(result) : undefined)) };
}

function writeMetafile(name) {
  return onEnd('metafile', (result) => {
    fs.mkdirSync(path.join(__dirname, 'out/meta'), { recursive: true });
    fs.writeFileSync(path.join(__dirname, 'out/meta', `${name}.json`), JSON.stringify(result.metafile));
  });
}

function writeNotices(results) {
  const notices = noticesOf(__dirname, bundledPackages(results.map(({ metafile }) => metafile)));
  fs.writeFileSync(path.join(__dirname, 'dist/ThirdPartyNotices.txt'), notices);
}

function filesIn(folder, accept = (file) => file.endsWith('.ts')) {
  const files = fs.readdirSync(path.join(__dirname, folder)).filter(accept);
  return files.map((file) => `${folder}/${file}`);
}

const isSuiteEntry = (file) => file === 'index.ts' || file.endsWith('.test.ts');

/** The programs in test/vscode and the mocha suite: each file its own entry, packages left to `require`. */
const nodeTests = () => ({
  ...node,
  entryPoints: [...filesIn('test/vscode'), ...filesIn('test/vscode/suite', isSuiteEntry)],
  outbase: 'test',
  outdir: 'out/test',
  external: ['vscode'],
  packages: 'external',
  minify: false,
  sourcemap: true,
  plugins: [onEnd('executable', () => fs.chmodSync(path.join(__dirname, 'out/test/vscode/launcher.js'), 0o755))],
});

/** The mocha suite as one file for an extension host in a browser: all but the tests that start a program. */
const webTests = () => {
  const isTest = (file) => file.endsWith('.test.ts') && file !== 'commandLine.test.ts';
  const tests = [...filesIn('test/vscode/suite', isTest), ...filesIn('test/vscode/suite/web', isTest)];
  const imports = tests.map((file) => `import './${file}';`).join('\n');
  return {
    ...browser,
    format: 'cjs',
    stdin: { contents: `export { run } from './test/vscode/suite/web/setUp';\n${imports}`, resolveDir: __dirname },
    outfile: 'out/test/vscode/suite/web.js',
    external: ['vscode'],
    alias: { 'node:assert/strict': './test/vscode/suite/web/strictAssert.ts' },
    minify: false,
    sourcemap: true,
  };
};

async function main() {
  if (production) fs.rmSync(path.join(__dirname, 'dist'), { recursive: true, force: true });
  fs.mkdirSync(path.join(__dirname, 'dist'), { recursive: true });
  const bundles = { ...product, schema };
  if (tests) {
    fs.rmSync(path.join(__dirname, 'out/test'), { recursive: true, force: true });
    bundles.tests = nodeTests();
    bundles.webTests = webTests();
  }
  const options = Object.entries(bundles).map(([name, bundle]) => ({
    ...bundle,
    plugins: [esbuildKernels, ...(bundle.plugins ?? []), writeMetafile(name)],
  }));
  if (!watch) {
    const results = await Promise.all(options.map((bundle) => build(bundle)));
    if (production) writeNotices(results.filter((_, i) => Object.keys(bundles)[i] in product));
    return;
  }
  const contexts = await Promise.all(options.map((bundle) => context({ ...bundle, logLevel: 'info' })));
  await Promise.all(contexts.map((each) => each.watch()));
}

main().catch((error) => {
  // esbuild has already printed the errors of a build that failed.
  if (!Array.isArray(error?.errors)) console.error(error);
  process.exitCode = 1;
});
