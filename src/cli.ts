import { main } from './cli/main';

// Whoever read the output has read enough; 128 + SIGPIPE is what a shell expects then.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(141);
});
void main(process.argv.slice(2)).then((status) => (process.exitCode = status));
