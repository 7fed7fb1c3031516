import { utf8Bytes } from '../base/utf8';
import type { ExportedRun } from './exportedRun';
import { certificateCell, recordedCell } from './scriptCertificate';
import { dataCells } from './scriptData';
import { trainingCells } from './scriptTraining';

/** A part of a script: what it is about, and its code. */
export interface ScriptCell {
  title: string;
  code: string;
}

/** A run as a PyTorch script in parts that are run one after the other. */
export function scriptCells(exported: ExportedRun): ScriptCell[] {
  return [...dataCells(exported), ...trainingCells(exported), recordedCell(exported), certificateCell(exported)];
}

const introduction = [
  'This script trains a linear model in plain PyTorch, as a run of gradient descent did: the same rows, split, start,',
  'order, optimizer and schedule. At its end it compares its numbers with those that the run recorded, and prints the',
  'differences. Run it in the folder of the config.',
];

/** A Python file. */
export function writeScript(exported: ExportedRun): Uint8Array {
  const parts = scriptCells(exported).map(({ title, code }) => `# ${title}\n${code}`);
  return utf8Bytes(`"""${introduction.join('\n')}\n"""\n${parts.join('\n\n')}\n`);
}

/** A Jupyter notebook. */
export function writeNotebook(exported: ExportedRun): Uint8Array {
  const linesOf = (text: string) => text.split(/(?<=\n)/);
  const markdown = (text: string) => ({ cell_type: 'markdown', metadata: {}, source: linesOf(text) });
  const cells = scriptCells(exported).flatMap(({ title, code }) => [
    markdown(`## ${title}`),
    { cell_type: 'code', metadata: {}, execution_count: null, outputs: [], source: linesOf(code) },
  ]);
  const notebook = {
    cells: [markdown(introduction.join('\n')), ...cells],
    metadata: { kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' } },
    nbformat: 4,
    nbformat_minor: 4,
  };
  return utf8Bytes(JSON.stringify(notebook, null, 1) + '\n');
}
