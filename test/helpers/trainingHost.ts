// A process that trains a run and records it, as the extension host does, and prints how many epochs are on disk.
import { blockLength, decodeBlock } from '../../src/host/records/recordBlocks';
import { nodeRecordFolder } from '../../src/host/records/nodeRecordFolder';
import { nodeWorkers } from '../../src/worker/start/nodeWorkers';
import { openRunWindow, startRun } from './runWindows';

const [folder, worker, epochs] = process.argv.slice(2);
const real = nodeRecordFolder(folder);
const { runs } = openRunWindow(
  {
    ...real,
    append: async (name, at, bytes) => {
      await real.append(name, at, bytes);
      const known = lastEpoch(at === 0 ? bytes.subarray(8) : bytes);
      if (known > 0) process.stdout.write(`${known}\n`);
    },
  },
  { startWorker: nodeWorkers(worker).startWorker },
);
startRun(runs, 'killed', Number(epochs));

/** The number of epochs that some blocks end with; 0 where they are of none. */
function lastEpoch(bytes: Uint8Array): number {
  let last = 0;
  for (let at = 0; at < bytes.length;) {
    const block = bytes.subarray(at, at + blockLength(bytes.subarray(at)));
    const content = decodeBlock(block);
    if (content?.kind === 'epochs') last = Math.max(last, content.progress.first + content.progress.count);
    at += block.length;
  }
  return last;
}
