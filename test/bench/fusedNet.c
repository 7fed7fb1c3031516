/*
 * What the engine is measured against on nets: whole epochs of plain SGD, fused, with products in registers. Vectors are as
 * long as the instructions that it is compiled for. The order of the rows is drawn as PyTorch draws it.
 *
 * fusedNet DATA ROWS BATCH EPOCHS LR SEED ACTIVATION LOSS WIDTHS...: answers each line on standard input with a line
 * "SECONDS LOSS", the loss over all rows at the end. DATA holds inputs, targets, then the first parameters, as float32.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "generator.h"

#if defined(__AVX2__)
enum { lanes = 8 };
#else
enum { lanes = 4 };
#endif
enum { mostLayers = 8, tileRows = 64 };

typedef float Vector __attribute__((vector_size(lanes * 4), aligned(4)));

/* A layer's weights, an input after the other, outputs in whole vectors. */
typedef struct {
  int inputs, outputs, xStride, yStride;
  float *weights, *bias, *weightSums, *biasSums;
  /* Before and after the activation, and the loss's slopes before it. */
  float *sums, *values, *slopes;
} Layer;

static Layer layers[mostLayers];
static int count, isTanh, isClasses;
static float *inputs, *targets, *tile;

static inline Vector load(const float *at) { return *(const Vector *)at; }
static inline void store(float *at, Vector v) { *(Vector *)at = v; }

static inline float total(Vector v) {
  float sum = 0;
  for (int i = 0; i < lanes; i++) sum += v[i];
  return sum;
}

static inline void forwardTile(const Layer *l, const float *x, float *y, int rows, int width) {
  for (int o = 0; o < l->yStride; o += width * lanes) {
    for (int row = 0; row < rows; row += 4) {
      const float *xs[4];
      float *ys[4];
      Vector sums[4][2];
      for (int k = 0; k < 4; k++) {
        const int r = row + k < rows ? row + k : rows - 1;
        xs[k] = x + (size_t)r * l->xStride;
        ys[k] = y + (size_t)r * l->yStride + o;
        for (int v = 0; v < width; v++) sums[k][v] = load(l->bias + o + v * lanes);
      }
      const float *w = l->weights + o;
      for (int i = 0; i < l->inputs; i++, w += l->yStride)
        for (int k = 0; k < 4; k++)
          for (int v = 0; v < width; v++) sums[k][v] += xs[k][i] * load(w + v * lanes);
      for (int k = 0; k < 4; k++)
        for (int v = 0; v < width; v++) store(ys[k] + v * lanes, sums[k][v]);
    }
  }
}

static inline void gradientTile(Layer *l, const float *x, int rows, int width) {
  for (int o = 0; o < l->yStride; o += width * lanes) {
    const float *d = l->slopes + o;
    for (int v = 0; v < width; v++) {
      Vector sum = load(l->biasSums + o + v * lanes);
      for (int row = 0; row < rows; row++) sum += load(d + (size_t)row * l->yStride + v * lanes);
      store(l->biasSums + o + v * lanes, sum);
    }
    for (int i = 0; i < l->xStride && i < ((l->inputs + 3) & ~3); i += 4) {
      float *g = l->weightSums + (size_t)i * l->yStride + o;
      Vector sums[4][2];
      for (int k = 0; k < 4; k++)
        for (int v = 0; v < width; v++) sums[k][v] = load(g + (size_t)k * l->yStride + v * lanes);
      for (int row = 0; row < rows; row++)
        for (int k = 0; k < 4; k++)
          for (int v = 0; v < width; v++)
            sums[k][v] += x[(size_t)row * l->xStride + i + k] * load(d + (size_t)row * l->yStride + v * lanes);
      for (int k = 0; k < 4; k++)
        for (int v = 0; v < width; v++) store(g + (size_t)k * l->yStride + v * lanes, sums[k][v]);
    }
  }
}

static void backwardRows(const Layer *l, float *result, int rows) {
  for (int row = 0; row < rows; row += 2) {
    const int second = row + 1 < rows ? row + 1 : row;
    const float *d = l->slopes + (size_t)row * l->yStride, *e = l->slopes + (size_t)second * l->yStride;
    for (int i = 0; i < l->inputs; i += 4) {
      Vector a[4] = {0}, b[4] = {0};
      for (int o = 0; o < l->yStride; o += lanes)
        for (int k = 0; k < 4; k++) {
          const Vector w = load(l->weights + (size_t)(i + k) * l->yStride + o);
          a[k] += load(d + o) * w;
          b[k] += load(e + o) * w;
        }
      for (int k = 0; k < 4; k++) {
        result[(size_t)row * l->xStride + i + k] = total(a[k]);
        result[(size_t)second * l->xStride + i + k] = total(b[k]);
      }
    }
  }
}

static void forward(const uint32_t *order, int rows) {
  for (int row = 0; row < rows; row++)
    memcpy(tile + (size_t)row * layers[0].xStride, inputs + (size_t)order[row] * layers[0].inputs, layers[0].inputs * 4);
  const float *x = tile;
  for (int i = 0; i < count; i++) {
    Layer *l = &layers[i];
    if (l->yStride % (2 * lanes) == 0) forwardTile(l, x, l->sums, rows, 2);
    else forwardTile(l, x, l->sums, rows, 1);
    if (i < count - 1) {
      const int size = rows * l->yStride;
      if (isTanh)
        for (int k = 0; k < size; k++) l->values[k] = tanhf(l->sums[k]);
      else
        for (int k = 0; k < size; k++) l->values[k] = l->sums[k] > 0 ? l->sums[k] : 0;
    }
    x = l->values;
  }
}

/* The sum of the losses; slopes are those of the mean over `batch` rows. */
static double lossOf(const uint32_t *order, int rows, int batch) {
  Layer *l = &layers[count - 1];
  double sum = 0;
  for (int row = 0; row < rows; row++) {
    const float *o = l->sums + (size_t)row * l->yStride;
    float *d = l->slopes + (size_t)row * l->yStride;
    const float target = targets[order[row]];
    if (!isClasses) {
      const float error = o[0] - target;
      sum += (double)error * error;
      d[0] = 2 * error / batch;
      continue;
    }
    float most = o[0], exponentials = 0;
    for (int k = 1; k < l->outputs; k++) most = o[k] > most ? o[k] : most;
    for (int k = 0; k < l->outputs; k++) exponentials += d[k] = expf(o[k] - most);
    for (int k = 0; k < l->outputs; k++) d[k] = (d[k] / exponentials - (k == (int)target)) / batch;
    sum += most + logf(exponentials) - o[(int)target];
  }
  return sum;
}

static void backward(int rows) {
  for (int i = count - 1; i >= 0; i--) {
    Layer *l = &layers[i];
    const float *x = i == 0 ? tile : layers[i - 1].values;
    if (l->yStride % (2 * lanes) == 0) gradientTile(l, x, rows, 2);
    else gradientTile(l, x, rows, 1);
    if (i == 0) return;
    Layer *before = &layers[i - 1];
    backwardRows(l, before->slopes, rows);
    const int size = rows * before->yStride;
    if (isTanh)
      for (int k = 0; k < size; k++) before->slopes[k] *= 1 - before->values[k] * before->values[k];
    else
      for (int k = 0; k < size; k++) before->slopes[k] = before->values[k] > 0 ? before->slopes[k] : 0;
  }
}

static void step(float lr) {
  for (int i = 0; i < count; i++) {
    Layer *l = &layers[i];
    const int size = l->xStride * l->yStride;
    for (int k = 0; k < size; k++) l->weights[k] -= lr * l->weightSums[k];
    for (int k = 0; k < l->yStride; k++) l->bias[k] -= lr * l->biasSums[k];
    memset(l->weightSums, 0, size * 4);
    memset(l->biasSums, 0, l->yStride * 4);
  }
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static float *room(size_t numbers) {
  const size_t bytes = (numbers * 4 + 127) & ~(size_t)63;
  float *memory = aligned_alloc(64, bytes);
  if (!memory) exit(3);
  memset(memory, 0, bytes);
  return memory;
}

static void makeLayer(Layer *l, int width, int outputs) {
  l->inputs = width;
  l->outputs = outputs;
  l->xStride = (width + lanes - 1) / lanes * lanes;
  l->yStride = (outputs + lanes - 1) / lanes * lanes;
  l->weights = room(l->xStride * l->yStride);
  l->weightSums = room(l->xStride * l->yStride);
  l->bias = room(l->yStride);
  l->biasSums = room(l->yStride);
  l->sums = room(tileRows * l->yStride);
  l->values = room(tileRows * l->yStride);
  l->slopes = room(tileRows * l->yStride);
}

static void restart(const float *first) {
  for (int i = 0; i < count; i++) {
    Layer *l = &layers[i];
    for (int o = 0; o < l->outputs; o++)
      for (int k = 0; k < l->inputs; k++) l->weights[(size_t)k * l->yStride + o] = *first++;
    memcpy(l->bias, first, l->outputs * 4);
    first += l->outputs;
  }
}

int main(int argc, char **argv) {
  if (argc < 11) return 2;
  const uint32_t rows = strtoul(argv[2], 0, 10), size = strtoul(argv[3], 0, 10), epochs = strtoul(argv[4], 0, 10);
  const float lr = strtof(argv[5], 0);
  const uint32_t seed = strtoul(argv[6], 0, 10);
  isTanh = strcmp(argv[7], "Tanh") == 0;
  isClasses = strcmp(argv[8], "cross_entropy") == 0;
  count = argc - 10;
  int parameters = 0;
  for (int i = 0; i < count; i++) {
    makeLayer(&layers[i], atoi(argv[9 + i]), atoi(argv[10 + i]));
    parameters += (layers[i].inputs + 1) * layers[i].outputs;
  }
  inputs = room((size_t)rows * layers[0].inputs);
  targets = room(rows);
  tile = room(tileRows * layers[0].xStride);
  float *first = room(parameters);
  uint32_t *order = (uint32_t *)room(rows);
  FILE *file = fopen(argv[1], "rb");
  if (!file || fread(inputs, 4, (size_t)rows * layers[0].inputs, file) != (size_t)rows * layers[0].inputs) return 4;
  if (fread(targets, 4, rows, file) != rows || fread(first, 4, parameters, file) != (size_t)parameters) return 4;
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    static Generator generator;
    restart(first);
    const double start = now();
    seedWords(&generator, seed, stateSize);
    for (int i = 0; i < parameters; i++) nextWord(&generator);
    for (uint32_t epoch = 0; epoch < epochs; epoch++) {
      for (int i = 0; i < 3; i++) nextWord(&generator);
      permute(order, rows, nextWord(&generator));
      for (uint32_t at = 0; at < rows; at += size) {
        const uint32_t end = rows - at < size ? rows : at + size;
        for (uint32_t from = at; from < end; from += tileRows) {
          const int some = end - from < tileRows ? end - from : tileRows;
          forward(order + from, some);
          lossOf(order + from, some, end - at);
          backward(some);
        }
        step(lr);
      }
    }
    const double seconds = now() - start;
    double sum = 0;
    for (uint32_t row = 0; row < rows; row++) order[row] = row;
    for (uint32_t from = 0; from < rows; from += tileRows) {
      const int some = rows - from < tileRows ? rows - from : tileRows;
      forward(order + from, some);
      sum += lossOf(order + from, some, 1);
    }
    printf("%.9f %.9g\n", seconds, sum / rows);
    fflush(stdout);
  }
  return 0;
}
