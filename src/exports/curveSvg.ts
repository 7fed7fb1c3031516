import { formatCount, formatTick } from '../base/format';
import type { RecordedEpochs } from '../protocol/fileQuestions';
import { escaped } from './markup';

const [width, height] = [720, 400];
const margin = { left: 90, right: 20, top: 44, bottom: 48 };
const [plotWidth, plotHeight] = [width - margin.left - margin.right, height - margin.top - margin.bottom];
const colours = { training: '#0b61a4', validation: '#b3541e' };

/** Losses by epoch as a picture on white with axes, legend and title; logarithmic where losses are positive and far apart. */
export function curveSvg(title: string, epochs: RecordedEpochs, hasValidation: boolean): string {
  const series = [
    { name: 'training loss', colour: colours.training, dash: '', losses: epochs.loss },
    ...(hasValidation
      ? [
          {
            name: 'validation loss',
            colour: colours.validation,
            dash: ' stroke-dasharray="6 4"',
            losses: epochs.valLoss,
          },
        ]
      : []),
  ];
  const finite = series.flatMap(({ losses }) => [...losses]).filter(Number.isFinite);
  const [lowest, highest] = finite.reduce(
    ([low, high], loss) => [Math.min(low, loss), Math.max(high, loss)],
    [Infinity, -Infinity],
  );
  const log = lowest > 0 && highest > 100 * lowest;
  const scale = log ? Math.log10 : (loss: number) => loss;
  const [min, max] = finite.length === 0 ? [0, 1] : padded(scale(lowest), scale(highest), log);
  const [first, last] = [epochs.epoch[0] ?? 0, Math.max(1, epochs.epoch.at(-1) ?? 1)];
  const x = (epoch: number) => margin.left + ((epoch - first) / Math.max(1, last - first)) * plotWidth;
  const y = (loss: number) => margin.top + plotHeight * (1 - (scale(loss) - min) / (max - min));
  const values = roundNumbers(min, max).map((value) => (log ? 10 ** value : value));
  const rules = values.map((loss) => {
    const at = round(y(loss));
    const label = formatTick(loss, values[0], values[values.length - 1]);
    return (
      `<path d="M${margin.left} ${at}H${width - margin.right}" stroke="#d5d5d5"/>` +
      `<text x="${margin.left - 8}" y="${at}" dy="4" text-anchor="end">${escaped(label)}</text>`
    );
  });
  const marks = roundNumbers(first, last)
    .filter(Number.isInteger)
    .map(
      (epoch) =>
        `<text x="${round(x(epoch))}" y="${height - margin.bottom + 18}" text-anchor="middle">${formatCount(epoch)}</text>`,
    );
  const lines = series.map(({ losses, colour, dash }) => {
    const path = linePath(epochs.epoch, losses, x, y);
    return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>`;
  });
  const legend = series.map(({ name, colour, dash }, i) => {
    const at = margin.left + 150 * i;
    return `<path d="M${at} 34h24" stroke="${colour}" stroke-width="2"${dash}/><text x="${at + 30}" y="38">${name}</text>`;
  });
  const middle = margin.top + plotHeight / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" fill="#222">
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="${margin.left}" y="18" font-size="14" font-weight="bold">${escaped(title)}</text>
${[...legend, ...rules, ...marks, ...lines].join('\n')}
<path d="M${margin.left} ${margin.top}V${height - margin.bottom}H${width - margin.right}" fill="none" stroke="#222"/>
<text x="${margin.left + plotWidth / 2}" y="${height - 10}" text-anchor="middle">epoch</text>
<text x="16" y="${middle}" text-anchor="middle" transform="rotate(-90 16 ${middle})">loss${log ? ' (logarithmic)' : ''}</text>
</svg>
`;
}

/** A line through the finite losses; it has a gap where one is not. */
function linePath(
  epochs: Float64Array,
  losses: Float64Array,
  x: (epoch: number) => number,
  y: (loss: number) => number,
): string {
  let path = '';
  let isDrawing = false;
  epochs.forEach((epoch, i) => {
    const at = y(losses[i]);
    if (Number.isFinite(at)) path += `${isDrawing ? 'L' : 'M'}${round(x(epoch))} ${round(at)}`;
    isDrawing = Number.isFinite(at);
  });
  return path;
}

function padded(min: number, max: number, log: boolean): [number, number] {
  const room = (max - min) * 0.04 || (log ? 0.3 : Math.abs(min) || 1);
  return [!log && min >= 0 && min < max / 4 ? 0 : min - room, max + room];
}

/** About five round numbers between two others. */
function roundNumbers(min: number, max: number): number[] {
  const rough = (max - min) / 5;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * unit).find((each) => each >= rough) ?? rough;
  const found: number[] = [];
  for (let i = Math.ceil(min / step); i * step <= max; i++) found.push(Number((i * step).toPrecision(12)));
  return found;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
