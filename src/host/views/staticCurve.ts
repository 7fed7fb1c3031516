import { formatCount, formatTick } from '../../base/format';

/** Curves as markup, and the room that the labels left of them need. */
export interface StaticCurve {
  /** An SVG that fills its element. */
  svg: string;
  /** Pixels. */
  labelWidth: number;
}

/** Spans that a curve is reduced to; each keeps its lowest and its highest loss. */
const spans = 300;
/** Units that the plot is wide and high. */
const size = 1000;

/**
 * Draws losses by epoch without a script: lowest and highest of each span, on a logarithmic scale where they are positive
 * and over more than two decades. Takes its colours from classes. Empty where no loss is finite.
 */
export function staticCurve(training: Float64Array, validation: Float64Array | undefined): StaticCurve | undefined {
  const epochs = training.length;
  const all = [training, ...(validation ? [validation] : [])].map((losses) => reduce(losses));
  const values = all.flat().map(({ loss }) => loss);
  if (values.length === 0) return undefined;
  const log = isWide(training);
  const scale = log ? Math.log10 : (loss: number) => loss;
  const drawn = log ? values.filter((loss) => loss > 0) : values;
  const [min, max] = paddedRange(scale(Math.min(...drawn)), scale(Math.max(...drawn)), log);
  const y = (loss: number) => size - ((scale(loss) - min) / (max - min)) * size;
  const x = (epoch: number) => (epoch / Math.max(1, epochs - 1)) * size;
  const paths = all.map((points, index) => {
    const shown = points.filter(({ loss }) => !log || loss > 0);
    const line = shown.map(({ epoch, loss }, i) => `${i === 0 ? 'M' : 'L'}${round(x(epoch))} ${round(y(loss))}`);
    return `<path class="${index === 0 ? 'training' : 'validation'}" d="${line.join('')}"/>`;
  });
  const losses = ticks(min, max, log)
    .map((tick) => (log ? 10 ** tick : tick))
    // Powers of ten end where numbers do.
    .filter((loss) => Number.isFinite(loss) && (!log || loss > 0));
  const labels = losses.map((loss) => ({
    at: y(loss) / 10,
    text: formatTick(loss, losses[0], losses[losses.length - 1]),
  }));
  const grid = losses.map((loss) => `<path class="grid" d="M0 ${round(y(loss))}H${size}"/>`);
  const counts = ticks(1, Math.max(2, epochs), false).filter(Number.isInteger);
  const below = counts.map(
    (done) => `<text class="below" x="${round(x(done - 1) / 10)}%" y="100%" dy="16">${formatCount(done)}</text>`,
  );
  const beside = labels.map(({ at, text }) => `<text class="beside" x="-6" y="${round(at)}%" dy="4">${text}</text>`);
  const plot = `<svg viewBox="0 0 ${size} ${size}" preserveAspectRatio="none">${grid.join('')}${paths.join('')}</svg>`;
  const svg = `<svg class="static-curve" aria-hidden="true">${plot}${beside.join('')}${below.join('')}</svg>`;
  return { svg, labelWidth: 26 + 7 * Math.max(...labels.map(({ text }) => text.length)) };
}

/** The lowest and the highest finite loss of each span, in their order. */
function reduce(losses: Float64Array): { epoch: number; loss: number }[] {
  const points: { epoch: number; loss: number }[] = [];
  const length = Math.max(1, Math.ceil(losses.length / spans));
  for (let from = 0; from < losses.length; from += length) {
    let [low, high] = [-1, -1];
    for (let epoch = from; epoch < Math.min(losses.length, from + length); epoch++) {
      if (!Number.isFinite(losses[epoch])) continue;
      if (low < 0 || losses[epoch] < losses[low]) low = epoch;
      if (high < 0 || losses[epoch] > losses[high]) high = epoch;
    }
    if (low < 0) continue;
    const both = low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
    for (const epoch of both) points.push({ epoch, loss: losses[epoch] });
  }
  return points;
}

function isWide(losses: Float64Array): boolean {
  let [min, max] = [Infinity, 0];
  for (const loss of losses) {
    if (loss > 0 && !Number.isFinite(loss)) continue;
    if (!(loss > 0)) return false;
    if (loss < min) min = loss;
    if (loss > max) max = loss;
  }
  return max > 100 * min;
}

/** Some room above and below, as the page's own chart leaves it. */
function paddedRange(min: number, max: number, log: boolean): [number, number] {
  const margin = (max - min) * 0.04 || (log ? 0.3 : Math.abs(min) || 1);
  return [!log && min >= 0 && min < max / 4 ? 0 : min - margin, max + margin];
}

/** Round numbers from `min` to `max`; on a logarithmic scale whole powers of ten where there are two. */
function ticks(min: number, max: number, log: boolean): number[] {
  const rough = (max - min) / 5;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * unit).find((each) => each >= rough) ?? rough;
  const used = log ? Math.max(1, Math.ceil((max - min) / 6)) : step;
  const found: number[] = [];
  for (let i = Math.ceil(min / used); i * used <= max; i++) found.push(Number((i * used).toPrecision(12)));
  return found;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
