import { availableParallelism } from 'node:os';
import { main } from './cli/main';
import { offerHelper } from './engine/kernels/helper';
import { startNodeHelper } from './worker/nodeHelper';

if (availableParallelism() > 1) offerHelper(startNodeHelper, () => performance.now());
// Whoever read the output has read enough; 128 + SIGPIPE is what a shell expects then.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(141);
});
void main(process.argv.slice(2)).then((status) => (process.exitCode = status));
