import { utf8Bytes } from '../base/utf8';
import { RowsPager } from '../answers/rowsPager';
import { formatCount, formatFloat32, formatNumber, formatQuantity, formatShortest } from '../base/format';
import { originalParameters, parameterNames } from '../protocol/outputs';
import type { FileConfig } from '../config/schema';
import { curveSvg } from './curveSvg';
import type { ExportedRun } from './exportedRun';
import { escaped } from './markup';

/** Rows of predictions and of parameters that are listed at most. */
const [listedRows, listedParameters] = [100, 1000];

const style =
  'body{font:15px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222;background:#fff}' +
  'table{border-collapse:collapse;margin:.5em 0}td,th{border-bottom:1px solid #ccc;padding:.2em .8em;text-align:right}' +
  'th:first-child,td:first-child{text-align:left}svg{max-width:100%;height:auto}pre{background:#f4f4f4;padding:1em;overflow:auto}';

/** One page without scripts and without anything from elsewhere: verdict, curve, parameters, predictions and config. */
export function writeReport(exported: ExportedRun): Uint8Array {
  const { name, run, verdict, epochs } = exported;
  const { shape, config } = run;
  const hasValidation = shape.validationRows > 0;
  const sections = [
    `<p>${escaped(verdict)}</p>`,
    `<h2>Summary</h2>${table(['', ''], summary(exported))}`,
    `<h2>Loss</h2>${curveSvg(name, epochs, hasValidation)}`,
    `<h2>Parameters</h2>${parameterTable(exported)}`,
    `<h2>Predictions</h2>${predictionTable(exported)}`,
    `<h2>Config</h2><pre>${escaped(JSON.stringify(config, null, 2))}</pre>`,
  ];
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escaped(name)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(name)}</h1>
${sections.join('\n')}
</body>
</html>
`;
  return utf8Bytes(html);
}

function summary({ run, position, ended, epochs }: ExportedRun): string[][] {
  const { shape, config } = run;
  const { optimizer, lr, scheduler, loss, seed, fingerprint, trainRows, validationRows } = shape;
  const last = epochs.epoch.length - 1;
  const data =
    'file' in config.dataset ? filesOf(config.dataset) : 'generate' in config.dataset ? 'generated' : 'in the config';
  return [
    ['Data', `${data} (fingerprint ${fingerprint.toString(16).padStart(8, '0')})`],
    ['Rows', `${formatCount(trainRows)} for training, ${formatCount(validationRows)} for validation`],
    ['Model', `Linear, ${formatQuantity(shape.inputNames.length, 'input')}, target ${shape.targetNames.join(', ')}`],
    [
      'Training',
      `${loss}, ${optimizer}(lr=${formatShortest(lr)})${scheduler ? `, ${scheduler}` : ''}, batch size ${shape.batchSize}`,
    ],
    ['Seed', String(seed)],
    ['Epochs', `${formatCount(ended ?? position.epoch)} of ${formatCount(shape.epochs)}`],
    ...(last >= 0 ? [['Loss of the last epoch', formatNumber(epochs.loss[last])]] : []),
    ...(last >= 0 && validationRows > 0 ? [['Validation loss', formatNumber(epochs.valLoss[last])]] : []),
  ];
}

function parameterTable({ run, parameters }: ExportedRun): string {
  const originals = originalParameters(parameters, run.shape);
  const heads = ['Parameter', 'Initial', 'Trained', ...(originals ? ['Original units'] : [])];
  const names = parameterNames(run.shape);
  const rows = names
    .slice(0, listedParameters)
    .map((name, i) => [
      name,
      formatFloat32(run.initial[i]),
      formatFloat32(parameters[i]),
      ...(originals ? [formatNumber(originals[i])] : []),
    ]);
  return table(heads, rows) + showing(rows.length, names.length, 'parameter');
}

function filesOf({ file, validation_file: validation }: FileConfig): string {
  return validation === undefined ? file : `${file}, validated on ${validation}`;
}

function predictionTable({ run, parameters }: ExportedRun): string {
  const query = { offset: 0, count: listedRows, sort: 'row', descending: false } as const;
  const { total, rows, targets, now, validation } = new RowsPager(run).page(query, parameters);
  const { targetNames, classNames } = run.shape;
  const width = targetNames.length;
  const text = (value: number) => classNames?.[value] ?? formatNumber(value);
  const lines = Array.from(rows, (row, i) => [
    formatCount(row + 1),
    ...targetNames.flatMap((_, target) => [targets, now].map((all) => text(all[i * width + target]))),
    validation[i] ? 'validation' : 'training',
  ]);
  const heads = ['Row', ...targetNames.flatMap((name) => [name, `${name}, predicted`]), 'Used for'];
  return table(heads, lines) + showing(lines.length, total, 'row');
}

function showing(shown: number, total: number, noun: string): string {
  return shown < total ? `<p>The first ${formatCount(shown)} of ${formatQuantity(total, noun)}.</p>` : '';
}

function table(heads: string[], rows: string[][]): string {
  const line = (cells: string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  const head = heads.some((one) => one !== '') ? line(heads, 'th') : '';
  return `<table>${head}${rows.map((row) => line(row, 'td')).join('\n')}</table>`;
}
