import { availableParallelism } from 'node:os';
import { main } from './cli/main';
import { offerHelper } from './engine/kernels/helper';
import { startNodeHelper } from './worker/nodeHelper';

if (availableParallelism() > 1) offerHelper(startNodeHelper);
void main(process.argv.slice(2)).then((status) => (process.exitCode = status));
