/** Compiles the assembly beside this file to WebAssembly, for the bundler and for tests. Runs in Node, at build time only. */
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '../../../..');
const output = path.join(root, 'out/kernels.wasm');
const sources = fs
  .readdirSync(__dirname)
  .filter((file) => file.endsWith('.ts') || file.endsWith('.js'))
  .map((file) => path.join(__dirname, file));
/** A name that the type checker does not follow: the compiler's types would change those of arrays everywhere. */
const compiler = String('assemblyscript/asc');
const flags = ['--runtime', 'stub', '--importMemory', '-O3', '--noAssert', '--enable', 'simd'];

function isCurrent() {
  if (!fs.existsSync(output)) return false;
  const made = fs.statSync(output).mtimeMs;
  return sources.every((file) => fs.statSync(file).mtimeMs < made);
}

/** The compilation under way: several bundles that are built at the same time want the same bytes. */
let compiling;

/** The module's bytes; compiled anew only where a source is newer than `out/kernels.wasm`. */
async function kernelBytes() {
  if (!isCurrent()) await (compiling ??= compile().finally(() => (compiling = undefined)));
  return fs.readFileSync(output);
}

async function compile() {
  const { default: asc } = await import(compiler);
  // Another process may build at the same time, so the file comes into place whole.
  const draft = `${output}.${process.pid}`;
  const entry = path.relative(root, path.join(__dirname, 'index.ts'));
  fs.mkdirSync(path.dirname(output), { recursive: true });
  const { error, stderr } = await asc.main(
    [entry, ...flags, '--disableWarning', '--baseDir', root, '--outFile', path.relative(root, draft)],
    {},
  );
  if (error) throw new Error(`${error.message}\n${stderr}`);
  fs.renameSync(draft, output);
}

const isKernels = /\/kernels\.wasm$/;

/**
 * esbuild: puts the bytes into the bundle where `kernels.wasm` is imported.
 * @type {import('esbuild').Plugin}
 */
const esbuildKernels = {
  name: 'kernels',
  setup(build) {
    build.onResolve({ filter: isKernels }, ({ resolveDir, path: file }) => ({ path: path.join(resolveDir, file) }));
    build.onLoad({ filter: isKernels }, async () => ({
      contents: await kernelBytes(),
      loader: 'binary',
      watchFiles: sources,
    }));
  },
};

/**
 * Vite: the same for tests.
 * @type {import('vite').Plugin}
 */
const viteKernels = {
  name: 'kernels',
  enforce: 'pre',
  resolveId: (id) => (isKernels.test(id) ? '\0kernels' : undefined),
  async load(id) {
    if (id !== '\0kernels') return undefined;
    const text = (await kernelBytes()).toString('base64');
    return `export default Uint8Array.from(atob('${text}'), (character) => character.charCodeAt(0));`;
  },
};

module.exports = { esbuildKernels, kernelBytes, viteKernels };
