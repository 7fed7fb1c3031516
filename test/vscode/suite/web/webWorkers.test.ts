import assert from 'node:assert/strict';
import { webWorkers } from '../../../../src/worker/start/webWorkers';
import { hearWorker } from '../../../helpers/hearWorker';
import { until } from '../support';

/** Starts a worker that runs `text`, and notes what is heard of it. */
function started(text: string) {
  const workers = webWorkers(() => Promise.resolve(new TextEncoder().encode(text)));
  return { ...hearWorker(workers), kill: () => workers.kill() };
}

const rate = { type: 'setUpdateRate', updatesPerSecond: 1 } as const;
const echo = 'onmessage = ({ data }) => postMessage({ type: data.type });';

describe('workers of a browser', () => {
  it('take requests and give replies', async () => {
    const { heard, port } = started(echo);
    port.post(rate);
    await until('the reply', () => heard.length > 0);
    assert.deepEqual(heard, ['setUpdateRate']);
    port.terminate();
  });

  it('are heard of when they end by an error, at their start or later', async () => {
    for (const text of ["throw new Error('no')", "onmessage = () => { throw new Error('no'); };"]) {
      const { heard, port } = started(text);
      port.post(rate);
      await until('the end', () => heard.length > 0);
      assert.match(heard.join(), /^ended .*no$/);
    }
  });

  it('are heard of when their program cannot be read, and read it again the next time', async () => {
    let readings = 0;
    const workers = webWorkers(() => {
      if (readings++ === 0) return Promise.reject(new Error('not there'));
      return Promise.resolve(new TextEncoder().encode(echo));
    });
    const first = hearWorker(workers);
    first.port.post(rate);
    await until('the end', () => first.heard.length > 0);
    assert.deepEqual(first.heard, ['ended not there']);
    const second = hearWorker(workers);
    second.port.post(rate);
    await until('the reply', () => second.heard.length > 0);
    workers.kill();
    assert.deepEqual(second.heard, ['setUpdateRate', 'ended ']);
  });

  it('are not heard of any more once they were terminated', async () => {
    const { heard, port } = started("setInterval(() => postMessage({ type: 'status' }));");
    await until('a reply', () => heard.length > 0);
    port.terminate();
    const { length } = heard;
    const other = started(echo);
    other.port.post(rate);
    await until('a reply of another', () => other.heard.length > 0);
    assert.equal(heard.length, length);
    other.port.terminate();
  });
});
