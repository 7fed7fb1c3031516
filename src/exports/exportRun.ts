import { utf8Bytes } from '../base/utf8';
import type { ExportQuery } from '../protocol/fileQuestions';
import { curveSvg } from './curveSvg';
import type { ExportedRun } from './exportedRun';
import { writeModel } from './modelFile';
import { writeNpz } from './npz';
import { writeOnnx } from './onnxModel';
import { writeReport } from './report';
import { writeNotebook, writeScript } from './scriptCells';

/** What writes each format; another format is another row. */
const writers: Record<ExportQuery['format'], (exported: ExportedRun) => Uint8Array | Promise<Uint8Array>> = {
  py: writeScript,
  ipynb: writeNotebook,
  safetensors: writeModel,
  npz: writeNpz,
  onnx: writeOnnx,
  html: writeReport,
  svg: ({ name, epochs, run }) => utf8Bytes(curveSvg(name, epochs, run.shape.validationRows > 0)),
};

/** The bytes of a file that holds a run. */
export async function exportRun(format: ExportQuery['format'], exported: ExportedRun): Promise<Uint8Array> {
  return writers[format](exported);
}
