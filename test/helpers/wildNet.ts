const inputs = Array.from({ length: 60 }, (_, i) => [1000 * Math.sin(3 * i), 1000 * Math.cos(5 * i)]);

/** The config of a net whose run diverges; a tenth of its rate is still far too large, and only scaled inputs help. */
export const wildNet = {
  seed: 2,
  dataset: { values: { inputs, targets: inputs.map(([a, b]) => [(a / 1000) ** 2 + b / 1000]) } },
  loader: { batch_size: 20 },
  model: { type: 'Sequential', layers: [{ type: 'Linear', out_features: 16 }, 'ReLU', 'Linear'] },
  optimizer: { type: 'SGD', lr: 0.1 },
  epochs: 100,
};
