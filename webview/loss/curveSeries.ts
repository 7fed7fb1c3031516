import type { Curve } from '../../src/protocol/history';
import { joined, LossSeries, type Series, type SeriesRequest } from './lossSeries';
import type { EpochRange } from './lossWindow';

/** On a logarithmic axis each piece ends at this many times the epochs at which it begins. */
const pieceFactor = 4;
/** Spans of a piece against those of as many pixels on a linear axis: its first epochs take more pixels than its last. */
const pieceDetail = 2.2;

/** A curve of a run, of which a part may be known in smaller buckets. */
export class CurveSeries {
  private readonly pieces: { whole: LossSeries; part: LossSeries }[] = [];

  /** Reduces the losses of a range. `logX`: its first epochs take more of the width. */
  reduce(history: object, curve: Curve, detail: Curve | undefined, request: SeriesRequest & { logX: boolean }): Series {
    const { range, logX, columns } = request;
    if (!logX) return this.piece(0, history, curve, detail, request);
    const decades = (from: number, to: number): number => Math.log((to + 1) / (from + 1));
    const all = decades(range.first, range.end);
    const strideAt = (epoch: number): number =>
      detail && detail.first <= epoch && epoch < detail.end ? detail.stride : curve.stride;
    return joined(
      logPieces(range, strideAt).map((piece, index) => {
        const share = decades(piece.first, piece.end) / all;
        const spans = Math.max(8, pieceDetail * columns * share);
        return this.piece(index, history, curve, detail, { ...request, range: piece, columns: spans });
      }),
    );
  }

  private piece(
    index: number,
    history: object,
    curve: Curve,
    detail: Curve | undefined,
    request: SeriesRequest,
  ): Series {
    const { range, columns } = request;
    const { whole, part } = (this.pieces[index] ??= { whole: new LossSeries(), part: new LossSeries() });
    if (!detail || detail.first > range.first || detail.end <= range.first) {
      return whole.reduce(history, curve, request);
    }
    const border = Math.min(detail.end, range.end);
    const share = (border - range.first) / (range.end - range.first);
    const [before, after] = [
      { ...range, end: border },
      { ...range, first: border },
    ];
    return joined([
      part.reduce(detail.last, detail, { ...request, range: before, columns: columns * share }),
      whole.reduce(history, curve, { ...request, range: after, columns: Math.max(1, columns * (1 - share)) }),
    ]);
  }
}

/** The pieces of a range. None ends within a bucket, or the next one would draw the lowest and the highest of it once more. */
function logPieces({ first, end }: EpochRange, strideAt: (epoch: number) => number): EpochRange[] {
  const pieces: EpochRange[] = [];
  for (let from = first; from < end;) {
    const long = (from + 1) * pieceFactor - 1;
    const stride = strideAt(long);
    const to = Math.min(end, Math.ceil(long / stride) * stride);
    pieces.push({ first: from, end: to });
    from = to;
  }
  return pieces;
}
