import { formatCount, formatQuantity } from '../../src/base/format';
import type { BatchOrder, OrderQuery } from '../../src/protocol/questions';
import { element, setText } from '../page/dom';

/** How a run cuts its rows into batches, and the order of the epoch under way. */
export class OrderStrip {
  private readonly call = element('code', { class: 'loader-call', testId: 'loader-call' });
  private readonly batches = element('p', { class: 'hint', testId: 'loader-batches' });
  private readonly title = element('p', { class: 'order-title', testId: 'order-title' });
  private readonly list = element('ol', { class: 'order', testId: 'order' });
  readonly element = element('div', { class: 'loader' }, this.call, this.batches, this.title, this.list);
  private shown: BatchOrder | undefined;

  /** As much of an order as a page this wide, in pixels, shows in a few lines. */
  static query(width: number, batchSize: number): OrderQuery {
    const [rowsEach, room] = width < 600 ? [4, 36] : [8, 90];
    const rows = Math.min(batchSize, rowsEach);
    return { rows, batches: Math.floor(room / (rows + 2)) };
  }

  /** Shows an order; `running`: the run is training. */
  render(order: BatchOrder | undefined, running: boolean): void {
    this.element.hidden = !order;
    if (!order) return;
    setText(this.title, titleOf(order, running));
    if (order === this.shown) return;
    this.shown = order;
    setText(this.call, callOf(order));
    setText(this.batches, batchesOf(order));
    this.list.setAttribute('aria-label', order.epoch < 0 ? 'Order' : `Order of epoch ${formatCount(order.epoch + 1)}`);
    this.list.hidden = order.sizes.length === 0;
    this.list.replaceChildren(...chipsOf(order));
  }
}

/** What a batch is called, as rows are: the first one, number 0, is batch 1. */
export function batchName(batch: number): string {
  return `batch ${formatCount(batch + 1)}`;
}

function callOf({ batchSize, shuffle, dropLast }: BatchOrder): string {
  const drop = dropLast ? ', drop_last=True' : '';
  return `DataLoader(dataset, batch_size=${batchSize}, shuffle=${shuffle ? 'True' : 'False'}${drop})`;
}

function batchesOf({ total, leftOut }: BatchOrder): string {
  const dropped = leftOut > 0 ? `; ${formatQuantity(leftOut, 'row')} left out by drop_last` : '';
  return `${formatQuantity(total, 'batch', 'batches')} an epoch${dropped}`;
}

function titleOf({ epoch, done, total }: BatchOrder, running: boolean): string {
  if (epoch < 0) return 'The order is drawn when the first epoch begins.';
  const order = `Order of epoch ${formatCount(epoch + 1)}`;
  if (done >= total) return `${order}, all done`;
  return `${order}, ${batchName(done)} ${running ? 'under way' : 'next'}`;
}

function chipsOf(order: BatchOrder): HTMLElement[] {
  const { first, sizes, total, rows, rowsEach } = order;
  const chips: HTMLElement[] = [];
  let at = 0;
  sizes.forEach((size, i) => {
    const listed = Math.min(size, rowsEach);
    chips.push(chipOf(order, first + i, size, rows.subarray(at, at + listed)));
    at += listed;
  });
  const last = first + sizes.length;
  if (first > 0) chips.unshift(more(`${formatCount(first)} before`));
  if (last < total) chips.push(more(`${formatCount(total - last)} more`));
  return chips;
}

function chipOf({ done }: BatchOrder, batch: number, size: number, rows: Uint32Array): HTMLElement {
  const state = batch < done ? 'done' : batch === done ? 'next' : 'waiting';
  const numbers = Array.from(rows, (row) => formatCount(row + 1));
  const rest = size - rows.length;
  const chip = element(
    'li',
    { class: 'batch' },
    element('span', { class: 'batch-name', text: batchName(batch) }),
    element('span', { class: 'batch-rows', text: numbers.join(' ') }),
  );
  chip.dataset['state'] = state;
  if (state === 'next') chip.setAttribute('aria-current', 'step');
  if (rest > 0) chip.append(element('span', { class: 'batch-rest', text: `+ ${formatCount(rest)}` }));
  return chip;
}

function more(text: string): HTMLElement {
  return element('li', { class: 'order-more', text: `… ${text}` });
}
