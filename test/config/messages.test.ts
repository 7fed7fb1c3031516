import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parseConfig';

const sgd = '"optimizer": { "type": "SGD", "lr": 0.1 }';
const file = '"dataset": { "file": "a.csv" }';
const withDataset = (dataset: string) => parseConfig(`{ "dataset": ${dataset}, ${sgd} }`);
const withKeys = (keys: string) => parseConfig(`{ ${file}, ${sgd}, ${keys} }`);
const messages = ({ problems }: ReturnType<typeof parseConfig>) => problems.map((problem) => problem.message);

const lossWords =
  '"mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy_with_logits" or "cross_entropy"';
const initWords = '"default", "zeros", "xavier_uniform", "xavier_normal", "kaiming_uniform" or "kaiming_normal"';
const layerWords = '"Linear", "ReLU", "LeakyReLU", "ELU", "GELU", "SiLU", "Tanh", "Sigmoid", "Softplus" or "Identity"';
const optimizerWords =
  '"SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adamax", "NAdam", "RAdam", "Adadelta", "Rprop" or "LBFGS"';
const schedulerWords =
  '"StepLR", "MultiStepLR", "ExponentialLR", "ConstantLR", "LinearLR", "PolynomialLR", "CosineAnnealingLR", "CosineAnnealingWarmRestarts", "ReduceLROnPlateau", "OneCycleLR" or "CyclicLR"';

describe('the message', () => {
  it.each([
    ['"epochs": 0', 'epochs must be at least 1, got 0'],
    ['"epochs": 1.5', 'epochs must be a whole number, got 1.5'],
    ['"epochs": "10"', 'epochs must be a whole number, got "10"'],
    ['"epochs": null', 'epochs must be a whole number, got null'],
    ['"log_every": 0', 'log_every must be at least 1, got 0'],
    ['"seed": 1e300', 'seed must be at most 9007199254740991, got 1e300'],
    ['"loss": "mse"', `loss must be ${lossWords}, got "mse"; did you mean "mse_loss"?`],
    ['"loss": "CrossEntropyLoss"', `loss must be ${lossWords}, got "CrossEntropyLoss"; did you mean "cross_entropy"?`],
    [
      '"loss": "bce_loss"',
      `loss must be ${lossWords}, got "bce_loss"; did you mean "binary_cross_entropy_with_logits"?`,
    ],
    ['"loss": "NLLLoss"', `loss must be ${lossWords}, got "NLLLoss"; did you mean "cross_entropy"?`],
    ['"loss": "mean_squared_error"', `loss must be ${lossWords}, got "mean_squared_error"; did you mean "mse_loss"?`],
    ['"loss": 1', `loss must be ${lossWords} or an object { … }, got 1`],
    [
      '"model": { "type": "linear" }',
      'model.type must be "Linear" or "Sequential", got "linear"; did you mean "Linear"?',
    ],
    ['"model": { "bias": 1 }', 'model.bias must be true or false, got 1'],
    ['"model": { "init": 0 }', `model.init must be ${initWords} or an object { … }, got 0`],
    ['"model": { "layers": ["Linear"] }', 'missing key "type" in model'],
    ['"model": { "type": "Sequential", "layers": [] }', 'model.layers must have at least 1 entry, got 0'],
    [
      '"model": { "type": "Sequential", "layers": ["Relu", "Linear"] }',
      `model.layers[0] must be ${layerWords}, got "Relu"; did you mean "ReLU"?`,
    ],
    [
      '"model": { "type": "Sequential", "layers": [3] }',
      'model.layers[0] must be a name in double quotes or an object { … }, got 3',
    ],
    [
      '"model": { "type": "Sequential", "layers": "Linear" }',
      'model.layers must be a list [ … ] of names and objects, got "Linear"',
    ],
    [
      '"model": { "type": "Sequential", "layers": [{ "type": "Linear", "in_features": 3 }] }',
      'unknown key "in_features" in model.layers[0]; it follows from the layer before, or from the inputs, so leave it out',
    ],
    [
      '"model": { "type": "Sequential", "layers": [{ "type": "Linear", "units": 3 }, "Linear"] }',
      'unknown key "units" in model.layers[0]; did you mean "out_features"?',
    ],
    [
      '"model": { "type": "Sequential", "layers": ["ReLU"] }',
      'model.layers has no "Linear" layer, so there is nothing to train; add one',
    ],
    [
      '"model": { "type": "Sequential", "layers": ["Linear", "ReLU", "Linear"] }',
      'model.layers[0] needs "out_features", its number of units; only the last "Linear" takes it from the dataset',
    ],
    [
      '"model": { "type": "Sequential", "layers": ["Linear", "Sigmoid"] }, "loss": "binary_cross_entropy_with_logits"',
      'binary_cross_entropy_with_logits takes outputs as they are and applies its own sigmoid; Sigmoid after the last "Linear" keeps them from growing; remove it',
    ],
    [
      '"model": { "type": "Sequential", "layers": ["Linear", "ReLU"] }',
      'ReLU after the last "Linear" bounds every prediction (from 0 up); remove it unless the targets lie there',
    ],
    ['"loader": { "batch_size": 0 }', 'loader.batch_size must be at least 1, got 0'],
    ['"loader": []', 'loader must be an object { … }, got []'],
    ['"batchsize": 2', 'unknown key "batchsize" in the config; it belongs at loader.batch_size'],
    ['"learning_rate": 2', 'unknown key "learning_rate" in the config; it belongs at optimizer.lr'],
    ['"shuffle": true', 'unknown key "shuffle" in the config; it belongs at split.shuffle or loader.shuffle'],
    ['"epoch": 3', 'unknown key "epoch" in the config; did you mean "epochs"?'],
    ['"tol": 1e-4', expect.stringMatching(/^unknown key "tol" in the config; the keys here are /)],
    ['"criterion": "mse_loss"', 'unknown key "criterion" in the config; did you mean "loss"?'],
    ['"loader": { "batchSize": 3 }', 'unknown key "batchSize" in loader; did you mean "batch_size"?'],
    [
      '"loader": { "xyz": 3 }',
      'unknown key "xyz" in loader; the keys here are "batch_size", "shuffle" and "drop_last"',
    ],
    [
      '"split": { "lengths": [0.5, 0.6] }',
      'split must be two whole numbers of rows, or two fractions that add up to 1, got [0.5, 0.6]; these add up to 1.1',
    ],
    ['"split": { "shuffle": false }', 'split needs exactly one of the keys "lengths" or "folds"'],
    ['"split": [8]', 'split must have exactly 2 entries, got 1'],
    ['"split": [-1, 2]', 'split[0] must be at least 0, got -1'],
    [
      '"split": [0.5, 0.6]',
      'split must be two whole numbers of rows, or two fractions that add up to 1, got [0.5, 0.6]; these add up to 1.1',
    ],
    [
      '"split": [8.5, 1.5]',
      'split must be two whole numbers of rows, or two fractions that add up to 1, got [8.5, 1.5]',
    ],
    ['"split": [0, 0]', 'split must be two whole numbers of rows, or two fractions that add up to 1, got [0, 0]'],
    [
      '"model": { "init": { "weight": [[1, 2], [3]], "bias": [1, 2] } }',
      'model.init.weight[1] must have 2 numbers like the first row, got 1',
    ],
    [
      '"model": { "init": { "weight": [[1, 2]] } }',
      'model.init.bias is missing: the model has a bias; give 1 number, or set model.bias to false',
    ],
    [
      '"model": { "bias": false, "init": { "weight": [[1]], "bias": [1] } }',
      'model.init.bias has no place: model.bias is false; remove one of the two',
    ],
    [
      '"model": { "init": { "weight": [[1]], "bias": [1, 2] } }',
      'model.init.bias must have one number for each of the 1 rows of model.init.weight, got 2',
    ],
    ['"epochs": 5, "epochs": 6', 'duplicate key "epochs" in the config; keep one of them'],
    [
      '"constructor": 1, "epochs": 1',
      expect.stringContaining('unknown key "constructor" in the config; the keys here are'),
    ],
  ])('for %s', (keys, message) => {
    expect(messages(withKeys(keys))).toEqual([message]);
  });

  it.each([
    ['{ "type": "SGD", "lr": 0 }', ['optimizer.lr must be greater than 0, got 0']],
    ['{ "type": "SGD", "lr": -1 }', ['optimizer.lr must be greater than 0, got -1']],
    [
      '{ "type": "SGD", "lr": 1e999 }',
      ['optimizer.lr must be within the range of a float32 (about ±3.4e38), got 1e999'],
    ],
    ['{ "type": "SGD", "lr": 1e10 }', []],
    ['{ "type": "SGD" }', ['missing key "lr" in optimizer']],
    ['{ "lr": 1 }', ['missing key "type" in optimizer']],
    ['{ "type": "sgd", "lr": 1 }', [`optimizer.type must be ${optimizerWords}, got "sgd"; did you mean "SGD"?`]],
    ['{ "type": "adam" }', [`optimizer.type must be ${optimizerWords}, got "adam"; did you mean "Adam"?`]],
    ['{ "type": "Nadam" }', [`optimizer.type must be ${optimizerWords}, got "Nadam"; did you mean "NAdam"?`]],
    ['{ "type": "SGD", "lr": 1, "momentum": -0.1 }', ['optimizer.momentum must be at least 0, got -0.1']],
    ['{ "type": "SGD", "lr": 1, "weight_decay": -1 }', ['optimizer.weight_decay must be at least 0, got -1']],
    ['{ "type": "SGD", "lr": 1, "dampening": -1, "momentum": 2 }', []],
    ['{ "type": "SGD", "lr": 1, "nesterov": true, "momentum": 0.9 }', []],
    ['{ "type": "Rprop", "lr": 0.1 }', []],
    ['{ "type": "LBFGS", "max_eval": 3, "line_search_fn": "strong_wolfe" }', []],
    [
      '{ "type": "LBFGS", "line_search_fn": "armijo" }',
      ['optimizer.line_search_fn must be "strong_wolfe", got "armijo"'],
    ],
    ['{ "type": "LBFGS", "history_size": 0 }', ['optimizer.history_size must be at least 1, got 0']],
    [
      '{ "type": "Rprop", "etas": [1.2, 0.5] }',
      ['optimizer.etas must be a number below 1 and one above 1, got [1.2, 0.5]'],
    ],
    [
      '{ "type": "Rprop", "step_sizes": [5, 1] }',
      ['optimizer.step_sizes must be the shortest and the longest step, got [5, 1]'],
    ],
    [
      '{ "type": "SGD", "lr": 1, "nesterov": true }',
      [
        'optimizer.nesterov: Nesterov momentum requires a momentum and zero dampening; ' +
          'set optimizer.momentum above 0, for instance to 0.9',
      ],
    ],
    [
      '{ "type": "SGD", "lr": 1, "nesterov": true, "momentum": 0.9, "dampening": 0.1 }',
      ['optimizer.nesterov: Nesterov momentum requires a momentum and zero dampening; set optimizer.dampening to 0'],
    ],
    [
      '{ "type": "SGD", "lr": 1, "betas": [0, 0] }',
      [
        'unknown key "betas" in optimizer; the keys here are ' +
          '"type", "lr", "momentum", "dampening", "weight_decay" and "nesterov"',
      ],
    ],
    ['{ "type": "Adam", "betas": [0.9, 1] }', ['optimizer.betas[1] must be less than 1, got 1']],
    ['{ "type": "Adam", "betas": [-0.1, 0] }', ['optimizer.betas[0] must be at least 0, got -0.1']],
    ['{ "type": "Adam", "betas": [0.9] }', ['optimizer.betas must have exactly 2 entries, got 1']],
    ['{ "type": "Adam", "betas": 0.9 }', ['optimizer.betas must be a list of numbers, got 0.9']],
    ['{ "type": "Adam", "betas": [0, 0], "eps": 0 }', []],
    ['{ "type": "Adam", "lr": 0 }', ['optimizer.lr must be greater than 0, got 0']],
    ['{ "type": "Adam", "epsilon": 1 }', ['unknown key "epsilon" in optimizer; did you mean "eps"?']],
    ['{ "type": "AdamW", "eps": -1 }', ['optimizer.eps must be at least 0, got -1']],
    ['{ "type": "AdamW", "amsgrad": 1 }', ['optimizer.amsgrad must be true or false, got 1']],
    ['{ "type": "RMSprop", "alpha": -1 }', ['optimizer.alpha must be at least 0, got -1']],
    ['{ "type": "RMSprop", "rho": 0.9 }', ['unknown key "rho" in optimizer; did you mean "alpha"?']],
    ['{ "type": "Adagrad", "lr_decay": -1 }', ['optimizer.lr_decay must be at least 0, got -1']],
    ['{ "type": "SGD", "learning_rate": 1 }', ['unknown key "learning_rate" in optimizer; did you mean "lr"?']],
    ['"SGD"', ['optimizer must be an object { … }, got "SGD"']],
  ])('for the optimizer %s', (optimizer, expected) => {
    expect(messages(parseConfig(`{ ${file}, "optimizer": ${optimizer} }`))).toEqual(expected);
  });

  it.each([
    ['"StepLR"', ['scheduler must be an object { … }, got "StepLR"']],
    ['{}', ['missing key "type" in scheduler']],
    ['{ "type": "steplr" }', [`scheduler.type must be ${schedulerWords}, got "steplr"; did you mean "StepLR"?`]],
    ['{ "type": "StepLR" }', ['missing key "step_size" in scheduler']],
    ['{ "type": "StepLR", "step_size": 0 }', ['scheduler.step_size must be at least 1, got 0']],
    ['{ "type": "StepLR", "step_size": 1.5 }', ['scheduler.step_size must be a whole number, got 1.5']],
    ['{ "type": "StepLR", "step_size": 1, "gamma": -1 }', ['scheduler.gamma must be at least 0, got -1']],
    ['{ "type": "StepLR", "step_size": 1, "gamma": 2 }', []],
    ['{ "type": "ExponentialLR" }', ['missing key "gamma" in scheduler']],
    ['{ "type": "CosineAnnealingLR" }', ['missing key "T_max" in scheduler']],
    ['{ "type": "CosineAnnealingLR", "t_max": 3 }', ['unknown key "t_max" in scheduler; did you mean "T_max"?']],
    ['{ "type": "CosineAnnealingLR", "T_max": 3, "eta_min": -1 }', ['scheduler.eta_min must be at least 0, got -1']],
    ['{ "type": "ReduceLROnPlateau", "factor": 1 }', ['scheduler.factor must be less than 1, got 1']],
    ['{ "type": "ReduceLROnPlateau", "patience": -1 }', ['scheduler.patience must be at least 0, got -1']],
    ['{ "type": "ReduceLROnPlateau", "mode": "low" }', ['scheduler.mode must be "min" or "max", got "low"']],
    [
      '{ "type": "ReduceLROnPlateau", "threshold_mode": "absolute" }',
      ['scheduler.threshold_mode must be "rel" or "abs", got "absolute"'],
    ],
    ['{ "type": "ReduceLROnPlateau", "gamma": 0.5 }', ['unknown key "gamma" in scheduler; did you mean "factor"?']],
  ])('for the scheduler %s', (scheduler, expected) => {
    expect(messages(withKeys(`"scheduler": ${scheduler}`))).toEqual(expected);
  });

  it.each([
    ['{}', ['dataset needs exactly one of the keys "generate", "file" or "values"']],
    ['{ "csv": "a.csv" }', ['unknown key "csv" in dataset; did you mean "file"?']],
    [
      '{ "file": "a", "values": 1 }',
      ['dataset takes only one of "generate", "file" or "values", got "file" and "values"; remove the others'],
    ],
    [
      '{ "generate": "lineer" }',
      [
        'dataset.generate must be "arange", "linear", "xor", "circles", "spirals", "moons" or "curve", got "lineer"; did you mean "linear"?',
      ],
    ],
    ['{ "file": "" }', ['dataset.file must not be empty']],
    ['{ "file": "a", "inputs": "x" }', ['dataset.inputs must be a list of names, got "x"']],
    ['{ "file": "a", "inputs": ["x", "x"] }', ['dataset.inputs names "x" twice; name it once']],
    ['{ "file": "a", "inputs": [] }', ['dataset.inputs must have at least 1 entry, got 0']],
    [
      '{ "file": "a", "missing": "skip" }',
      ['dataset.missing must be "error", "drop", "mean" or "category", got "skip"'],
    ],
    [
      '{ "file": "a", "noise": 1 }',
      [
        'unknown key "noise" in dataset; the keys here are ' +
          '"file", "inputs", "targets", "missing", "one_hot", "validation_file", "sample_weight", "parse_dates", "date_origin", "dayfirst", "delimiter", "decimal", "thousands", "header", "comment", "skiprows", "skipfooter", "sheet", "encoding", ' +
          '"na_values", "polynomial", "scale" and "scale_targets"',
      ],
    ],
    [
      '{ "file": "a", "delimiter": "::" }',
      ['dataset.delimiter must be one character, or "whitespace" for runs of blanks and tabs, got "::"'],
    ],
    ['{ "file": "a", "thousands": "" }', ['dataset.thousands must not be empty']],
    [
      '{ "file": "a", "delimiter": "1" }',
      ['dataset.delimiter cannot be "1", which is part of numbers, names or lines'],
    ],
    [
      '{ "file": "a", "decimal": ",", "delimiter": "," }',
      ['dataset.delimiter and dataset.decimal are both ","; a cell could not be told from a number'],
    ],
    // The decimal mark is guessed then.
    ['{ "file": "a", "thousands": "." }', []],
    [
      '{ "file": "a", "thousands": ".", "decimal": "." }',
      ['dataset.thousands and dataset.decimal are both "."; a cell could not be told from a number'],
    ],
    ['{ "file": "a", "sep": ";" }', ['unknown key "sep" in dataset; did you mean "delimiter"?']],
    ['{ "file": "a", "normalize": true }', ['unknown key "normalize" in dataset; did you mean "scale"?']],
    [
      '{ "file": "a", "scale": "standart" }',
      ['dataset.scale must be "none", "standard" or "minmax", got "standart"; did you mean "standard"?'],
    ],
    [
      '{ "generate": "linear", "samples": 1, "features": 1, "scale_targets": true }',
      ['dataset.scale_targets must be "none", "standard" or "minmax", got true'],
    ],
    [
      '{ "values": { "inputs": [[1, 2], [3]], "targets": [[1], [2], [3]] } }',
      [
        'dataset.values.inputs[1] must have 2 numbers like the first row, got 1',
        'dataset.values.targets has 3 rows, but dataset.values.inputs has 2; they must be equal',
      ],
    ],
    [
      '{ "values": { "inputs": [[1, "2"]], "targets": [[1e39]] } }',
      [
        'dataset.values.inputs[0][1] must be a number, got "2"',
        'dataset.values.targets[0][0] must be within the range of a float32 (about ±3.4e38), got 1e39',
      ],
    ],
    [
      '{ "values": { "inputs": [1], "targets": [[1]] } }',
      ['dataset.values.inputs[0] must be a list of numbers, got 1'],
    ],
    [
      '{ "generate": "linear", "samples": 10, "features": 3, "weight": [1, 2] }',
      ['dataset.weight must have one number for each of the 3 features, got 2'],
    ],
    [
      '{ "generate": "linear", "samples": 10, "features": 2, "weight": [[1, 2], [3]], "bias": [1, 2, 3] }',
      [
        'dataset.weight[1] must have one number for each of the 2 features, got 1',
        'dataset.bias must be a number or one for each of the 2 targets in dataset.weight, got 3',
      ],
    ],
    [
      '{ "generate": "linear", "samples": 10, "features": 2, "weight": [1, 2], "bias": [1, 2] }',
      ['dataset.weight must have one list for each of the 2 targets in dataset.bias'],
    ],
    [
      '{ "generate": "linear", "samples": 1000000, "features": 1000 }',
      ['dataset.samples asks for 1001000000 numbers; at most 268435456 (1 GB) can be made'],
    ],
    [
      '{ "generate": "linear", "samples": 1000000000000, "features": 1 }',
      ['dataset.samples must be at most 268435456, got 1000000000000'],
    ],
  ])('for the dataset %s', (dataset, expected) => {
    expect(messages(withDataset(dataset))).toEqual(expected);
  });

  it.each([
    [
      '{ "start": 58, "stop": 387, "step": 5.5, "shape": [9, 6] }',
      'dataset.inputs.shape [9, 6] holds 54 values, but np.arange(58, 387, 5.5) makes 60; write [10, 6], or change stop',
      '[10, 6]',
    ],
    [
      '{ "stop": 7, "shape": [2, 2] }',
      'dataset.inputs.shape [2, 2] holds 4 values, but np.arange(0, 7, 1) makes 7; change shape or stop',
      undefined,
    ],
    [
      '{ "stop": -7, "shape": [10, 2] }',
      'dataset.inputs.shape [10, 2] holds 20 values, but np.arange(0, -7, 1) makes 0; change shape or stop',
      undefined,
    ],
    ['{ "stop": 10, "step": 0, "shape": [10, 1] }', 'dataset.inputs.step must not be 0', undefined],
    [
      '{ "stop": 10, "step": 0.1, "shape": [10, 1.5] }',
      'dataset.inputs.shape[1] must be a whole number, got 1.5',
      undefined,
    ],
    [
      '{ "stop": 20, "step": 1, "shape": [20, 1] }',
      'dataset.targets.shape has 10 rows, but dataset.inputs.shape has 20; they must be equal',
      undefined,
    ],
    [
      '{ "stop": 1e15, "step": 1, "shape": [10, 1] }',
      'dataset.inputs.shape asks for 1000000000000000 numbers; at most 268435456 (1 GB) can be made',
      undefined,
    ],
  ])('for the range %s', (inputs, message, suggestion) => {
    const { problems } = withDataset(
      `{ "generate": "arange", "inputs": ${inputs}, "targets": { "stop": 10, "shape": [10, 1] } }`,
    );
    expect(problems.map((problem) => [problem.message, problem.suggestion])).toEqual([[message, suggestion]]);
  });
});
