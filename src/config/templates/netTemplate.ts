/** Samples of what layers can do, by the data that they are made of. */
export type NetSample = 'xor' | 'spirals' | 'curve';

interface NetParts {
  title: string;
  data: string;
  generate: string;
  layers: string;
  loss: string;
  optimizer: string;
  batchSize: number;
  epochs: number;
  logEvery: number;
}

const samples: Record<NetSample, NetParts> = {
  xor: {
    title: 'XOR: two classes that no straight line separates, and a net that bends one.',
    data: 'Two inputs from -1 to 1. The class is 1 where exactly one of them is above 0.',
    generate: '"generate": "xor", "samples": 200, "seed": 0',
    layers: '{ "type": "Linear", "out_features": 8 }, "Tanh", "Linear"',
    loss: 'binary_cross_entropy_with_logits',
    optimizer: '{ "type": "Adam", "lr": 0.03 }',
    batchSize: 20,
    epochs: 200,
    logEvery: 20,
  },
  spirals: {
    title: 'Two spirals that wind around each other: two hidden layers tell them apart.',
    data: 'Two inputs; the class says which spiral a row is on.',
    generate: '"generate": "spirals", "samples": 400, "noise": 0.02, "seed": 0',
    layers:
      '{ "type": "Linear", "out_features": 16 }, "Tanh", { "type": "Linear", "out_features": 16 }, "Tanh", "Linear"',
    loss: 'binary_cross_entropy_with_logits',
    optimizer: '{ "type": "Adam", "lr": 0.01 }',
    batchSize: 20,
    epochs: 500,
    logEvery: 50,
  },
  curve: {
    title: 'A curve: a net learns a wave that no straight line follows.',
    data: 'One input from -3 to 3; the target is a wave over it, with some noise.',
    generate: '"generate": "curve", "samples": 200, "noise": 0.1, "seed": 0',
    layers:
      '{ "type": "Linear", "out_features": 16 }, "Tanh", { "type": "Linear", "out_features": 16 }, "Tanh", "Linear"',
    loss: 'mse_loss',
    optimizer: '{ "type": "Adam", "lr": 0.01 }',
    batchSize: 20,
    epochs: 500,
    logEvery: 50,
  },
};

/** A config with hidden layers on made-up data, each key with a comment. */
export function netConfig(sample: NetSample): string {
  const { title, data, generate, layers, loss, optimizer, batchSize, epochs, logEvery } = samples[sample];
  return `// ${title}
{
  // Seed of all random draws (torch.manual_seed). The same seed gives the same run.
  "seed": 0,

  // The data. ${data}
  "dataset": { ${generate} },

  // Rows for training, and rows that are held out to see how the net does on them.
  "split": [0.8, 0.2],

  // How rows are handed to the model (DataLoader).
  "loader": { "batch_size": ${batchSize}, "shuffle": true },

  // nn.Sequential: layers one after the other. The last Linear has as many outputs as there are targets.
  // Try fewer units, "ReLU" instead of "Tanh", or "Linear" alone.
  "model": {
    "type": "Sequential",
    "layers": [${layers}]
  },

  // The loss to minimize.
  "loss": "${loss}",

  // Adam makes steps of about the length lr, whatever the size of the gradient.
  "optimizer": ${optimizer},

  // Number of passes over the rows, and how often to print the loss.
  "epochs": ${epochs},
  "log_every": ${logEvery}
}
`;
}
