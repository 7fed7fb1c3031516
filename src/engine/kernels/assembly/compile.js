/** Compiles the assembly beside this file to WebAssembly, for the bundler and for tests. Runs in Node, at build time only. */
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '../../../..');
const sources = fs
  .readdirSync(__dirname)
  .filter((file) => file.endsWith('.ts') || file.endsWith('.js'))
  .map((file) => path.join(__dirname, file));
/** A name that the type checker does not follow: the compiler's types would change those of arrays everywhere. */
const compiler = String('assemblyscript/asc');
const flags = ['--runtime', 'stub', '--importMemory', '-O3', '--noAssert', '--enable', 'simd'];
/** @typedef {'kernels' | 'sharedKernels'} Name */

/** The modules: for memory of one thread, and for memory that threads share. */
const modules = {
  kernels: ['index.ts', ...flags],
  sharedKernels: ['shared.ts', ...flags, '--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536'],
};

/** @param {Name} name */
const outputOf = (name) => path.join(root, 'out', `${name}.wasm`);

/** @param {Name} name */
function isCurrent(name) {
  if (!fs.existsSync(outputOf(name))) return false;
  const made = fs.statSync(outputOf(name)).mtimeMs;
  return sources.every((file) => fs.statSync(file).mtimeMs < made);
}

/** Compilations under way, by module: several bundles that are built at the same time want the same bytes. */
const compiling = new Map();

/**
 * A module's bytes; compiled anew only where a source is newer than the file in `out`.
 * @param {Name} name
 */
async function kernelBytes(name) {
  if (!isCurrent(name)) {
    if (!compiling.has(name))
      compiling.set(
        name,
        compile(name).finally(() => compiling.delete(name)),
      );
    await compiling.get(name);
  }
  return fs.readFileSync(outputOf(name));
}

/** @param {Name} name */
async function compile(name) {
  const { default: asc } = await import(compiler);
  const output = outputOf(name);
  // Another process may build at the same time, so the file comes into place whole.
  const draft = `${output}.${process.pid}`;
  const [entry, ...options] = modules[name];
  fs.mkdirSync(path.dirname(output), { recursive: true });
  const { error, stderr } = await asc.main(
    [
      path.relative(root, path.join(__dirname, entry)),
      ...options,
      '--disableWarning',
      '--baseDir',
      root,
      '--outFile',
      path.relative(root, draft),
    ],
    {},
  );
  if (error) throw new Error(`${error.message}\n${stderr}`);
  fs.renameSync(draft, output);
}

/**
 * @param {string} file
 * @returns {Name}
 */
const nameOf = (file) => (path.basename(file) === 'sharedKernels.wasm' ? 'sharedKernels' : 'kernels');

const isKernels = /\/(kernels|sharedKernels)\.wasm$/;

/**
 * esbuild: puts a module's bytes into the bundle where its `.wasm` is imported.
 * @type {import('esbuild').Plugin}
 */
const esbuildKernels = {
  name: 'kernels',
  setup(build) {
    build.onResolve({ filter: isKernels }, ({ resolveDir, path: file }) => ({ path: path.join(resolveDir, file) }));
    build.onLoad({ filter: isKernels }, async ({ path: file }) => ({
      contents: await kernelBytes(nameOf(file)),
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
  resolveId: (id) => (isKernels.test(id) ? `\0/${path.basename(id)}` : undefined),
  async load(id) {
    if (!id.startsWith('\0') || !isKernels.test(id)) return undefined;
    const text = (await kernelBytes(nameOf(id))).toString('base64');
    return `export default Uint8Array.from(atob('${text}'), (character) => character.charCodeAt(0));`;
  },
};

module.exports = { esbuildKernels, kernelBytes, viteKernels };
