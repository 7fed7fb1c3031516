const arange = {
  generate: 'arange',
  inputs: { start: 58, stop: 387, step: 5.5, shape: [10, 6] },
  targets: { start: 6000, stop: 9000, step: 320.7, shape: [10, 1] },
};
const linear = { generate: 'linear', samples: '^${1:200}', features: '^${2:2}', noise: '^${3:0.1}' };
const pattern = { generate: '${1|xor,circles,spirals,moons,curve|}', samples: '^${2:200}', noise: '^${3:0.1}' };
const file = { file: '${1:data.csv}', targets: ['${2:column}'] };
const values = { values: { inputs: [['^${1:1}'], ['^${2:2}']], targets: [['^${3:2}'], ['^${4:4}']] } };

/** VS Code snippets for an empty config. A number after `^` is inserted without quotes. */
export const configSnippets = [
  {
    label: 'Config for a csv file',
    description: 'Train nn.Linear on the columns of a file',
    body: {
      seed: 0,
      dataset: { file: '${1:data.csv}', targets: ['${2:column}'] },
      loader: { batch_size: '^${3:16}', shuffle: true },
      optimizer: { type: 'SGD', lr: '^${4:0.01}' },
      epochs: '^${5:100}',
    },
  },
  {
    label: 'Config of the tutorial',
    description: 'Ten generated rows, six inputs, 2000 epochs',
    body: { seed: 0, dataset: arange, optimizer: { type: 'SGD', lr: '^${1:1e-6}' }, epochs: 2000, log_every: 30 },
  },
];

/** VS Code snippets for the forms of `dataset`. */
export const datasetSnippets = [
  { label: 'file', description: 'Rows from a csv, Excel, json, NumPy or parquet file', body: file },
  { label: 'generate arange', description: 'Evenly spaced numbers, as in the tutorial', body: arange },
  { label: 'generate linear', description: 'Random rows that follow a linear rule with noise', body: linear },
  { label: 'generate a pattern', description: 'Random rows that need hidden layers', body: pattern },
  { label: 'values', description: 'Rows written into the config', body: values },
];

/** VS Code snippets for `model`. */
export const modelSnippets = [
  { label: 'Linear', description: 'torch.nn.Linear', body: { type: 'Linear' } },
  {
    label: 'Sequential',
    description: 'torch.nn.Sequential: one hidden layer',
    body: { type: 'Sequential', layers: [{ type: 'Linear', out_features: '^${1:16}' }, '${2:ReLU}', 'Linear'] },
  },
];

/** VS Code snippets for `optimizer`. */
export const optimizerSnippets = [
  { label: 'SGD', description: 'torch.optim.SGD', body: { type: 'SGD', lr: '^${1:0.01}' } },
  {
    label: 'SGD with momentum',
    description: 'torch.optim.SGD',
    body: { type: 'SGD', lr: '^${1:0.01}', momentum: '^${2:0.9}' },
  },
  { label: 'Adam', description: 'torch.optim.Adam', body: { type: 'Adam', lr: '^${1:0.001}' } },
  {
    label: 'AdamW',
    description: 'torch.optim.AdamW',
    body: { type: 'AdamW', lr: '^${1:0.001}', weight_decay: '^${2:0.01}' },
  },
  { label: 'RMSprop', description: 'torch.optim.RMSprop', body: { type: 'RMSprop', lr: '^${1:0.01}' } },
  { label: 'Adagrad', description: 'torch.optim.Adagrad', body: { type: 'Adagrad', lr: '^${1:0.01}' } },
  { label: 'Adamax', description: 'torch.optim.Adamax', body: { type: 'Adamax', lr: '^${1:0.002}' } },
  { label: 'NAdam', description: 'torch.optim.NAdam', body: { type: 'NAdam', lr: '^${1:0.002}' } },
  { label: 'RAdam', description: 'torch.optim.RAdam', body: { type: 'RAdam', lr: '^${1:0.001}' } },
  { label: 'Adadelta', description: 'torch.optim.Adadelta', body: { type: 'Adadelta', lr: '^${1:1}' } },
  { label: 'Rprop', description: 'torch.optim.Rprop', body: { type: 'Rprop', lr: '^${1:0.01}' } },
  {
    label: 'LBFGS',
    description: 'torch.optim.LBFGS',
    body: { type: 'LBFGS', lr: '^${1:1}', line_search_fn: 'strong_wolfe' },
  },
];

/** VS Code snippets for `scheduler`. */
export const schedulerSnippets = [
  {
    label: 'StepLR',
    description: 'torch.optim.lr_scheduler.StepLR',
    body: { type: 'StepLR', step_size: '^${1:30}', gamma: '^${2:0.1}' },
  },
  {
    label: 'ExponentialLR',
    description: 'torch.optim.lr_scheduler.ExponentialLR',
    body: { type: 'ExponentialLR', gamma: '^${1:0.99}' },
  },
  {
    label: 'CosineAnnealingLR',
    description: 'torch.optim.lr_scheduler.CosineAnnealingLR',
    body: { type: 'CosineAnnealingLR', T_max: '^${1:100}' },
  },
  {
    label: 'MultiStepLR',
    description: 'torch.optim.lr_scheduler.MultiStepLR',
    body: { type: 'MultiStepLR', milestones: ['^${1:30}', '^${2:80}'], gamma: '^${3:0.1}' },
  },
  {
    label: 'LinearLR',
    description: 'torch.optim.lr_scheduler.LinearLR',
    body: { type: 'LinearLR', start_factor: '^${1:0.1}', total_iters: '^${2:10}' },
  },
  {
    label: 'ConstantLR',
    description: 'torch.optim.lr_scheduler.ConstantLR',
    body: { type: 'ConstantLR', factor: '^${1:0.1}', total_iters: '^${2:10}' },
  },
  {
    label: 'PolynomialLR',
    description: 'torch.optim.lr_scheduler.PolynomialLR',
    body: { type: 'PolynomialLR', total_iters: '^${1:100}', power: '^${2:1}' },
  },
  {
    label: 'CosineAnnealingWarmRestarts',
    description: 'torch.optim.lr_scheduler.CosineAnnealingWarmRestarts',
    body: { type: 'CosineAnnealingWarmRestarts', T_0: '^${1:50}', T_mult: '^${2:2}' },
  },
  {
    label: 'ReduceLROnPlateau',
    description: 'torch.optim.lr_scheduler.ReduceLROnPlateau',
    body: { type: 'ReduceLROnPlateau', factor: '^${1:0.1}', patience: '^${2:10}' },
  },
  {
    label: 'OneCycleLR',
    description: 'torch.optim.lr_scheduler.OneCycleLR',
    body: { type: 'OneCycleLR', max_lr: '^${1:0.01}' },
  },
  {
    label: 'CyclicLR',
    description: 'torch.optim.lr_scheduler.CyclicLR',
    body: {
      type: 'CyclicLR',
      base_lr: '^${1:0.001}',
      max_lr: '^${2:0.01}',
      step_size_up: '^${3:200}',
      cycle_momentum: false,
    },
  },
];
