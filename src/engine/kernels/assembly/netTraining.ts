import { begin, end as endBatch } from './batch';
import { order, parameters, previous, report, startTouching } from './memory';
import { addRows, packedBytes, stepNet } from './net';
import { shareBatch, sharedLoss } from './netShared';

/**
 * Trains whole batches, of at most `chunkRows` rows, of the rows `[start, end)` of the order, with packed parameters and
 * buffers. A batch's sum of losses is divided by `perRow` times its rows, or where that is 0 by nothing. `steps` has two numbers a batch
 * for Adam; 0 means SGD, whose first step ever comes first if `isFirst`. `helper` is the thread that has a part in it, 0 for none.
 * Report: the last batch's loss, `lossSum` plus each
 * batch's loss × rows, batches done. Returns 0, or 1 where the loss and 2 where a parameter is not finite, at the first such batch.
 */
export function trainNet(
  start: u32,
  end: u32,
  batchSize: u32,
  perRow: f64,
  rule: usize,
  steps: usize,
  isFirst: bool,
  lossSum: f64,
  helper: u32,
): i32 {
  let sum = lossSum;
  let batches: u32 = 0;
  let status = 0;
  begin();
  startTouching(order + (start << 2));
  while (start < end && status === 0) {
    const rows = min(batchSize, end - start);
    const divisor = perRow === 0 ? 1 : perRow * (rows as f64);
    const stepAt = steps === 0 ? 0 : steps + (batches << 4);
    const comesFirst = isFirst && batches === 0;
    let loss: f32;
    let isFinite: bool = true;
    if (helper !== 0) {
      isFinite = shareBatch(start, rows, divisor, rule, stepAt, comesFirst, helper);
      loss = sharedLoss();
    } else {
      begin();
      loss = (addRows(start, start + rows, divisor) / divisor) as f32;
      if (loss - loss === 0) isFinite = stepNet(rule, stepAt, comesFirst, 0, packedBytes());
    }
    if (loss - loss !== 0) {
      memory.copy(previous, parameters, packedBytes());
      status = 1;
    } else if (!isFinite) status = 2;
    store<f64>(report, loss as f64);
    sum += (loss as f64) * (rows as f64);
    batches++;
    start += rows;
  }
  endBatch(1);
  store<f64>(report, sum, 8);
  store<f64>(report, batches as f64, 16);
  return status;
}
