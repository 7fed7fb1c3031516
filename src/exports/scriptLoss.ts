import { givenOptions, lossName, type Config } from '../config/schema';
import { losses } from '../engine/nn/losses';
import { keywordArguments, pythonList, pythonNumber } from './python';

/** Lines that a script needs before its loop for the loss: the weights of classes, as a tensor. */
export function lossLines({ loss }: Pick<Config, 'loss'>): string[] {
  const { weight } = givenOptions(loss);
  if (weight === undefined) return [];
  if (Array.isArray(weight)) return [`class_weight = torch.tensor(${pythonList(weight.map(pythonSingleNumber))})`];
  return [
    '# As scikit-learn does it for class_weight="balanced".',
    'class_rows = torch.bincount(y[train_rows], minlength=len(CLASSES))',
    'class_weight = len(train_rows) / (len(CLASSES) * class_rows)',
  ];
}

/** What a script calls the loss of outputs and targets, of the rows at `at` or, where that is left out, of a batch. */
export function lossCall(
  config: Pick<Config, 'loss' | 'dataset'>,
  outputs: string,
  targets: string,
  weights: string,
): string {
  return isRowWeighted(config)
    ? `weighted_loss(${outputs}, ${targets}, ${weights})`
    : `F.${lossName(config.loss)}(${outputs}, ${targets}${lossArguments(config)})`;
}

/** Whether each row's loss is multiplied by a number of its own. */
export function isRowWeighted({ dataset }: Pick<Config, 'dataset'>): boolean {
  return 'sample_weight' in dataset && dataset.sample_weight !== undefined;
}

/** A function that gives the loss of rows that count differently; none where all count the same. */
export function rowWeightLines(config: Pick<Config, 'loss' | 'dataset'>): string[] {
  if (!isRowWeighted(config)) return [];
  const isSum = givenOptions(config.loss).reduction === 'sum';
  return [
    '',
    '',
    'def weighted_loss(outputs, targets, weights):',
    `    losses = ${rowLosses(config)}`,
    `    return (weights * losses).sum()${isSum ? '' : ` / ${countedRows(config)}.sum()`}`,
    '',
    '',
  ];
}

/** What each of some weighted rows counts in their mean. */
export function countedRows({ loss }: Pick<Config, 'loss'>): string {
  return givenOptions(loss).weight === undefined ? 'weights' : '(weights * class_weight[targets])';
}

/** The loss of each of some rows. */
export function rowLosses({ loss }: Pick<Config, 'loss'>): string {
  const { reduction, ...options } = givenOptions(loss);
  const given = { ...options, type: lossName(loss), reduction: 'none' };
  const own = `F.${lossName(loss)}(outputs, targets${lossArguments({ loss: given as Config['loss'] })})`;
  const overTargets = reduction === 'sum' ? '.sum(dim=1)' : '.mean(dim=1)';
  return losses[lossName(loss)].targets === 'classes' ? own : `${own}${overTargets}`;
}

/** A function that gives the penalty of the model's parameters; none without one. */
export function penaltyLines({ penalty }: Pick<Config, 'penalty'>): string[] {
  if (!penalty) return [];
  const { l1, l2, bias } = penalty;
  const terms = [
    ...(l1 > 0 ? [`${pythonNumber(l1)} * sum(parameter.abs().sum() for parameter in held)`] : []),
    ...(l2 > 0 ? [`${pythonNumber(l2)} * sum((parameter**2).sum() for parameter in held)`] : []),
  ];
  return [
    bias ? '# The penalty is on all parameters.' : '# The penalty is on the weights alone.',
    bias
      ? 'held = list(model.parameters())'
      : 'held = [parameter for name, parameter in model.named_parameters() if name.endswith("weight")]',
    '',
    '',
    'def penalty():',
    `    return ${terms.join(' + ') || '0.0'}`,
    '',
    '',
  ];
}

/** Keyword arguments of the loss except those that PyTorch takes anyway. */
export function lossArguments({ loss }: Pick<Config, 'loss'>): string {
  return Object.entries(givenOptions(loss))
    .map(([key, value]) => {
      if (key === 'weight') return ', weight=class_weight';
      if (key === 'pos_weight') return `, pos_weight=torch.tensor(${pythonSingleNumber(Number(value))})`;
      return keywordArguments({ [key]: value });
    })
    .join('');
}

/** A number that torch.tensor makes a float of. */
function pythonSingleNumber(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : pythonNumber(value);
}
