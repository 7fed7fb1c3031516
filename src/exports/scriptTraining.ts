import { hasValidationFile } from '../config/datasetSchema';
import { configSchema, type Config, type SplitConfig } from '../config/schema';
import { foldRange } from '../engine/data/kFold';
import type { Dataset } from '../engine/dataset';
import { splitLengths, splitParts } from '../engine/data/randomSplit';
import { needsFullBatch } from '../engine/optim/optimizers';
import type { ScalingRule } from '../engine/data/scaling';
import type { ExportedRun } from './exportedRun';
import { keywordArguments, pythonNumber } from './python';
import type { ScriptCell } from './scriptCells';
import { isRowWeighted, lossCall, lossLines, penaltyLines, rowWeightLines } from './scriptLoss';
import { modelCode } from './scriptModel';
import { stoppingCode } from './scriptStopping';

/** Split, scaling, model, optimizer and the loop over the epochs, in the order in which a script draws its numbers. */
export function trainingCells({ run, position, ended }: ExportedRun): ScriptCell[] {
  const { config, dataset, trainer } = run;
  const isClasses = dataset.classNames !== undefined;
  return [
    { title: 'Training and validation rows', code: splitCode(config, dataset) },
    { title: 'Tensors', code: tensorCode(config, isClasses) },
    { title: 'The model', code: modelCode(config.model, trainer.parts.model) },
    {
      title: 'The optimizer',
      code: [...lossLines(config), ...rowWeightLines(config), ...penaltyLines(config), optimizerCode(config)].join(
        '\n',
      ),
    },
    { title: 'Training', code: loopCode(config, position.epoch, ended !== undefined) },
  ];
}

/** Lines that make `train_rows` and `val_rows`, the numbers of rows of `inputs`. */
export function splitCode(
  { seed, split }: ExportedRun['run']['config'],
  { rows, validationRows }: Pick<Dataset, 'rows' | 'validationRows'>,
): string {
  if (validationRows !== undefined) return inOrderCode(seed, rows - validationRows);
  if (split && 'folds' in split) return foldCode(seed, split, rows);
  const parts = split && splitParts(split);
  const lengths = parts && splitLengths(parts.lengths, rows);
  if (lengths && !parts.shuffle) {
    return inOrderCode(seed, lengths[0]);
  }
  return [
    `torch.manual_seed(${seed})`,
    lengths
      ? `train_set, val_set = random_split(range(len(inputs)), [${lengths.join(', ')}])`
      : 'train_set, val_set = range(len(inputs)), []',
    'train_rows, val_rows = list(train_set), list(val_set)',
  ].join('\n');
}

function inOrderCode(seed: number, train: number): string {
  return [
    `torch.manual_seed(${seed})`,
    '# The first rows train, the last ones validate.',
    `train_rows, val_rows = list(range(${train})), list(range(${train}, len(inputs)))`,
  ].join('\n');
}

function foldCode(
  seed: number,
  { folds, fold, shuffle }: Extract<SplitConfig, { folds: number }>,
  rows: number,
): string {
  const [start, end] = foldRange(rows, folds, fold);
  return [
    `torch.manual_seed(${seed})`,
    `# Fold ${fold} of ${folds}, as scikit-learn's KFold cuts them.`,
    `order = ${shuffle ? 'torch.randperm(len(inputs)).tolist()' : 'list(range(len(inputs)))'}`,
    `train_rows, val_rows = sorted(order[:${start}] + order[${end}:]), sorted(order[${start}:${end}])`,
  ].join('\n');
}

/** Fits an offset and a scale to the training rows. */
const fits: Record<Exclude<ScalingRule, 'none'>, (of: string) => string[]> = {
  standard: (of) => [
    `known = ${of}[train_rows].astype(np.float64)`,
    '# Measured from the first row, so that the deviation of a constant column is exactly 0.',
    `${of}_offset = known[0] + (known - known[0]).mean(axis=0)`,
    `${of}_scale = np.sqrt(((known - ${of}_offset) ** 2).mean(axis=0))`,
  ],
  minmax: (of) => [
    `known = ${of}[train_rows].astype(np.float64)`,
    `${of}_offset = known.min(axis=0)`,
    `${of}_scale = known.max(axis=0) - known.min(axis=0)`,
  ],
};

function tensorCode({ dataset }: Config, isClasses: boolean): string {
  const scaled = (of: 'inputs' | 'targets', rule: ScalingRule) => {
    if (rule === 'none') return [];
    return [
      `# ${rule === 'standard' ? 'As StandardScaler' : 'As MinMaxScaler'} does it, on the training rows alone.`,
      ...fits[rule](of),
      `${of}_scale[${of}_scale == 0] = 1`,
    ];
  };
  const tensor = (of: 'inputs' | 'targets', rule: ScalingRule) => {
    const values = rule === 'none' ? of : `(${of} - ${of}_offset) / ${of}_scale`;
    return rule === 'none'
      ? `torch.from_numpy(${of}.astype(np.float32))`
      : `torch.from_numpy((${values}).astype(np.float32))`;
  };
  return [
    ...scaled('inputs', dataset.scale),
    ...(isClasses ? [] : scaled('targets', dataset.scale_targets)),
    `x = ${tensor('inputs', dataset.scale)}`,
    isClasses
      ? 'y = torch.from_numpy(targets[:, 0].astype(np.int64))'
      : `y = ${tensor('targets', dataset.scale_targets)}`,
    ...(isRowWeighted({ dataset }) ? ['w = torch.from_numpy(weights)'] : []),
  ].join('\n');
}

function optimizerCode(config: Config): string {
  const { batch_size, shuffle, drop_last } = config.loader;
  return [
    '# The number of each row goes along, so that the order can be compared.',
    'rows = torch.tensor(train_rows)',
    `loader = DataLoader(TensorDataset(x[rows], y[rows], ${isRowWeighted(config) ? 'w[rows], ' : ''}rows), batch_size=${batch_size}, shuffle=${shuffle ? 'True' : 'False'}${drop_last ? ', drop_last=True' : ''})`,
    ...optimizerLines(config),
  ].join('\n');
}

/** The optimizer of `model`, and the scheduler if there is one. */
export function optimizerLines({ optimizer, scheduler, epochs }: Config): string[] {
  const { type, ...options } = optimizer;
  const { lr, ...others } = withoutDefaults('optimizer', type, options);
  const lines = [
    `optimizer = torch.optim.${type}(model.parameters()${keywordArguments({ lr: lr ?? optimizer.lr, ...others })})`,
  ];
  if (scheduler) {
    const { type: name, ...rest } = scheduler;
    const given = keywordArguments(withoutDefaults('scheduler', name, rest));
    const whole = name === 'OneCycleLR' ? `, total_steps=${epochs} * len(loader)` : '';
    lines.push(`scheduler = torch.optim.lr_scheduler.${name}(optimizer${given}${whole})`);
  }
  return lines;
}

/** Keyword arguments except those that PyTorch takes anyway. */
function withoutDefaults(key: 'optimizer' | 'scheduler', type: string, options: object): Record<string, unknown> {
  const forms = configSchema.properties[key].anyOf as unknown as {
    properties: Record<string, { const?: string; default?: unknown }>;
  }[];
  const form = forms.find(({ properties }) => properties.type.const === type);
  const isDefault = (name: string, value: unknown) =>
    JSON.stringify(form?.properties[name]?.default) === JSON.stringify(value);
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => !isDefault(name, value)));
}

/** @param hasEnded the run came to its end by itself: by its stop rule, if it has one. */
function loopCode(config: Config, epochs: number, hasEnded: boolean): string {
  const { scheduler, split, dataset, log_every: logEvery, early_stopping: rule } = config;
  const batch = isRowWeighted(config) ? 'xb, yb, wb, numbers' : 'xb, yb, numbers';
  const stopping = rule && hasEnded ? stoppingCode(rule, config) : undefined;
  const watched = split || hasValidationFile(dataset) ? 'val_loss' : 'total / seen';
  const isPerBatch = stepsPerBatch(config);
  const step = scheduler?.type === 'ReduceLROnPlateau' ? `scheduler.step(${watched})` : 'scheduler.step()';
  const lines = (code: string[] = [], indent = '') => code.map((line) => `\n${line && indent + line}`).join('');
  return `${lines(stopping?.before).slice(1)}${stopping ? '\n' : ''}history, first_order, last_order = [], [], []
for epoch in range(${stopping ? config.epochs : epochs}):
    total, seen, order = 0.0, 0, []
    for ${batch} in loader:
${lines(stepLines(config), '        ').slice(1)}${isPerBatch ? '\n        scheduler.step()' : ''}
        total += loss.item() * len(xb)
        seen += len(xb)
        order += numbers.tolist()
    val_loss = float("nan")
    if val_rows:
        with torch.no_grad():
            val_loss = ${lossCall(config, 'model(x[val_rows])', 'y[val_rows]', 'w[val_rows]')}.item()
    history.append((total / seen, val_loss))
    first_order, last_order = first_order or order, order
    if epoch % ${logEvery} == 0:
        print(f"epoch {epoch}  loss {total / seen:.7g}")${scheduler && !isPerBatch ? `\n    ${step}` : ''}${lines(stopping?.within, '    ')}${lines(stopping?.after)}`;
}

/** Lines that take a step on the batch `xb`, `yb`. */
function stepLines(config: Config): string[] {
  const evaluation = [
    `loss = ${lossCall(config, 'model(xb)', 'yb', 'wb')}${config.penalty ? ' + penalty()' : ''}`,
    'optimizer.zero_grad()',
    'loss.backward()',
    ...clipLines(config),
  ];
  if (!needsFullBatch(config.optimizer)) return [...evaluation, 'optimizer.step()'];
  return [
    'def closure():',
    ...[...evaluation, 'return loss'].map((line) => `    ${line}`),
    '# The loss before the first of its moves.',
    'loss = optimizer.step(closure)',
  ];
}

/** Whether the scheduler steps after each batch instead of each epoch. */
export function stepsPerBatch({ scheduler }: Pick<Config, 'scheduler'>): boolean {
  return scheduler?.type === 'OneCycleLR' || scheduler?.type === 'CyclicLR';
}

/** Lines that clip the gradients of `model`. */
export function clipLines({ clip_grad_norm: norm, clip_grad_value: value }: Config): string[] {
  return [
    ...(norm === undefined ? [] : [`torch.nn.utils.clip_grad_norm_(model.parameters(), ${pythonNumber(norm)})`]),
    ...(value === undefined ? [] : [`torch.nn.utils.clip_grad_value_(model.parameters(), ${pythonNumber(value)})`]),
  ];
}
