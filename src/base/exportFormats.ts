/** A kind of file that a run is written to, by the end of the file's name. */
export type ExportFormat = 'csv' | 'py' | 'ipynb' | 'safetensors' | 'onnx' | 'npz' | 'html' | 'svg';

/** What each kind of file holds, in the order in which they are offered. */
export const exportFormats: Record<ExportFormat, { title: string; description: string }> = {
  csv: { title: 'Every epoch', description: 'Loss, validation loss and learning rate of each epoch' },
  py: { title: 'PyTorch script', description: 'Repeats this run in PyTorch and compares the numbers' },
  ipynb: { title: 'PyTorch notebook', description: 'The same script as a notebook' },
  safetensors: { title: 'Model', description: 'Parameters and all that a prediction needs' },
  onnx: {
    title: 'Model for ONNX',
    description: 'Takes the columns of a file as they are; scaling and categories are inside',
  },
  npz: { title: 'Parameters for NumPy', description: 'Weight, bias and scaling as arrays' },
  html: { title: 'Report', description: 'Curve, parameters, config and predictions on one page' },
  svg: { title: 'Loss curve', description: 'A vector picture on white' },
};

/** The format that a file's name or path ends in; undefined where nothing is written to files of that kind. */
export function exportFormat(fileName: string): ExportFormat | undefined {
  const ending = /\.([^./\\]+)$/.exec(fileName)?.[1].toLowerCase() ?? '';
  return Object.hasOwn(exportFormats, ending) ? (ending as ExportFormat) : undefined;
}
