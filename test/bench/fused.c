/*
 * What the engine is measured against: whole epochs of mse_loss and plain SGD for one target, fused. For the machine at hand
 * (cc -O3 -march=native, AVX2 and FMA) it is the limit of the machine; with WebAssembly's own instructions (-O3 -msse4.2:
 * four numbers at a time, no FMA) it is the limit of the code. The order of the rows is drawn as PyTorch draws it.
 *
 * fused DATA ROWS INPUTS BATCH EPOCHS LR SHUFFLE SEED: answers each line on standard input with a line "SECONDS LOSS",
 * the loss over all rows at the end. DATA holds inputs, targets, then the first weights and bias, as float32.
 */
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "generator.h"

enum { chunkRows = 4096, lookAhead = 16 };

typedef struct {
  float *inputs, *targets, *weights, *chunk;
  double *sums;
  uint32_t *order;
  uint32_t rows;
  int inputsCount, stride;
  int prefetch;
} Problem;

#if defined(__AVX2__) && defined(__FMA__)
enum { lanes = 8 };
typedef __m256 Vector;
static inline Vector load(const float *at) { return _mm256_loadu_ps(at); }
static inline void store(float *at, Vector v) { _mm256_storeu_ps(at, v); }
static inline Vector spread(float value) { return _mm256_set1_ps(value); }
static inline Vector add(Vector a, Vector b) { return _mm256_add_ps(a, b); }
static inline Vector addProduct(Vector sum, Vector a, Vector b) { return _mm256_fmadd_ps(a, b, sum); }

static inline __m128 laneSums(Vector a, Vector b, Vector c, Vector d) {
  __m256 sums = _mm256_hadd_ps(_mm256_hadd_ps(a, b), _mm256_hadd_ps(c, d));
  return _mm_add_ps(_mm256_castps256_ps128(sums), _mm256_extractf128_ps(sums, 1));
}
#else
enum { lanes = 4 };
typedef __m128 Vector;
static inline Vector load(const float *at) { return _mm_loadu_ps(at); }
static inline void store(float *at, Vector v) { _mm_storeu_ps(at, v); }
static inline Vector spread(float value) { return _mm_set1_ps(value); }
static inline Vector add(Vector a, Vector b) { return _mm_add_ps(a, b); }
static inline Vector addProduct(Vector sum, Vector a, Vector b) { return _mm_add_ps(sum, _mm_mul_ps(a, b)); }

static inline __m128 laneSums(Vector a, Vector b, Vector c, Vector d) {
  return _mm_hadd_ps(_mm_hadd_ps(a, b), _mm_hadd_ps(c, d));
}
#endif

static inline float laneSum(Vector v) {
  return _mm_cvtss_f32(laneSums(v, v, v, v));
}

/* Rows are padded to eight floats, so that no loop has a tail. */
static inline void fourRows(const Problem *p, const uint32_t *o, float bias, double *square, float *biasGradient) {
  const int stride = p->stride;
  const float *w = p->weights;
  float *g = p->chunk;
  const float *x0 = p->inputs + (size_t)o[0] * stride, *x1 = p->inputs + (size_t)o[1] * stride;
  const float *x2 = p->inputs + (size_t)o[2] * stride, *x3 = p->inputs + (size_t)o[3] * stride;
  Vector a0 = spread(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  int i = 0;
  for (; i + 2 * lanes <= stride; i += 2 * lanes) {
    Vector u = load(w + i), v = load(w + i + lanes);
    a0 = addProduct(a0, u, load(x0 + i));
    a1 = addProduct(a1, u, load(x1 + i));
    a2 = addProduct(a2, u, load(x2 + i));
    a3 = addProduct(a3, u, load(x3 + i));
    b0 = addProduct(b0, v, load(x0 + i + lanes));
    b1 = addProduct(b1, v, load(x1 + i + lanes));
    b2 = addProduct(b2, v, load(x2 + i + lanes));
    b3 = addProduct(b3, v, load(x3 + i + lanes));
  }
  for (; i < stride; i += lanes) {
    Vector u = load(w + i);
    a0 = addProduct(a0, u, load(x0 + i));
    a1 = addProduct(a1, u, load(x1 + i));
    a2 = addProduct(a2, u, load(x2 + i));
    a3 = addProduct(a3, u, load(x3 + i));
  }
  __m128 y = laneSums(add(a0, b0), add(a1, b1), add(a2, b2), add(a3, b3));
  __m128 t = _mm_setr_ps(p->targets[o[0]], p->targets[o[1]], p->targets[o[2]], p->targets[o[3]]);
  __m128 r = _mm_sub_ps(_mm_add_ps(y, _mm_set1_ps(bias)), t);
  __m128d low = _mm_cvtps_pd(r), high = _mm_cvtps_pd(_mm_movehl_ps(r, r));
  __m128d half = _mm_add_pd(_mm_mul_pd(low, low), _mm_mul_pd(high, high));
  *square += _mm_cvtsd_f64(_mm_add_sd(half, _mm_unpackhi_pd(half, half)));
  float residuals[4];
  _mm_storeu_ps(residuals, r);
  *biasGradient += (residuals[0] + residuals[2]) + (residuals[1] + residuals[3]);
  Vector r0 = spread(residuals[0]), r1 = spread(residuals[1]), r2 = spread(residuals[2]), r3 = spread(residuals[3]);
  for (i = 0; i < stride; i += lanes) {
    Vector sum = addProduct(load(g + i), r0, load(x0 + i));
    Vector more = addProduct(spread(0), r1, load(x1 + i));
    sum = addProduct(sum, r2, load(x2 + i));
    more = addProduct(more, r3, load(x3 + i));
    store(g + i, add(sum, more));
  }
}

static inline void oneRow(const Problem *p, uint32_t row, float bias, double *square, float *biasGradient) {
  const float *x = p->inputs + (size_t)row * p->stride;
  Vector a = spread(0);
  for (int i = 0; i < p->stride; i += lanes) a = addProduct(a, load(p->weights + i), load(x + i));
  float r = laneSum(a) + bias - p->targets[row];
  *square += (double)r * r;
  *biasGradient += r;
  Vector factor = spread(r);
  for (int i = 0; i < p->stride; i += lanes) store(p->chunk + i, addProduct(load(p->chunk + i), factor, load(x + i)));
}

/* One batch: forward, backward and step; returns the sum of squares, which every engine reports as it goes. */
static double batch(Problem *p, uint32_t start, uint32_t end, float lr) {
  const int stride = p->stride;
  const float bias = p->weights[stride];
  const int chunks = end - start > chunkRows;
  double square = 0, biasSum = 0;
  float biasGradient = 0;
  if (chunks) memset(p->sums, 0, stride * sizeof(double));
  for (uint32_t from = start; from < end; from += chunkRows) {
    uint32_t to = end - from < chunkRows ? end : from + chunkRows, at = from;
    for (int i = 0; i < stride; i += lanes) store(p->chunk + i, spread(0));
    biasGradient = 0;
    for (; at + 4 <= to; at += 4) {
      if (p->prefetch && at + lookAhead + 4 <= p->rows)
        for (int k = 0; k < 4; k++) {
          const char *next = (const char *)(p->inputs + (size_t)p->order[at + lookAhead + k] * stride);
          for (int byte = 0; byte < stride * 4; byte += 64) _mm_prefetch(next + byte, _MM_HINT_T0);
          _mm_prefetch((const char *)(p->targets + p->order[at + lookAhead + k]), _MM_HINT_T0);
        }
      fourRows(p, p->order + at, bias, &square, &biasGradient);
    }
    for (; at < to; at++) oneRow(p, p->order[at], bias, &square, &biasGradient);
    if (chunks) for (int i = 0; i < stride; i++) p->sums[i] += p->chunk[i];
    biasSum += biasGradient;
  }
  const double scale = 2.0 / (end - start);
  const float rate = lr * (float)scale;
  if (chunks) for (int i = 0; i < stride; i++) p->weights[i] -= lr * (float)(p->sums[i] * scale);
  else
    for (int i = 0; i < stride; i += lanes)
      store(p->weights + i, addProduct(load(p->weights + i), spread(-rate), load(p->chunk + i)));
  p->weights[stride] -= lr * (float)(biasSum * scale);
  return square;
}

static double lossOver(const Problem *p) {
  double sum = 0;
  for (uint32_t row = 0; row < p->rows; row++) {
    double residual = p->weights[p->stride] - p->targets[row];
    for (int i = 0; i < p->inputsCount; i++) residual += p->inputs[(size_t)row * p->stride + i] * p->weights[i];
    sum += residual * residual;
  }
  return sum / p->rows;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static void *room(size_t bytes) {
  void *memory = aligned_alloc(64, (bytes + 127) & ~(size_t)63);
  if (!memory) exit(3);
  memset(memory, 0, (bytes + 127) & ~(size_t)63);
  return memory;
}

static void readFloats(FILE *file, float *into, size_t count) {
  if (fread(into, sizeof(float), count, file) != count) exit(4);
}

int main(int argc, char **argv) {
  if (argc != 9) return 2;
  const uint32_t rows = strtoul(argv[2], 0, 10), size = strtoul(argv[4], 0, 10), epochs = strtoul(argv[5], 0, 10);
  const int inputs = atoi(argv[3]), shuffled = atoi(argv[7]), stride = (inputs + 7) & ~7;
  const float lr = strtof(argv[6], 0);
  const uint32_t seed = strtoul(argv[8], 0, 10);
  Problem p = {.rows = rows, .inputsCount = inputs, .stride = stride, .prefetch = shuffled && stride <= 256};
  p.inputs = room((size_t)rows * stride * 4);
  p.targets = room((size_t)rows * 4);
  p.weights = room((stride + 8) * 4);
  p.chunk = room(stride * 4);
  p.sums = room(stride * 8);
  p.order = room((size_t)rows * 4);
  float *first = room((inputs + 1) * 4);
  FILE *file = fopen(argv[1], "rb");
  if (!file) return 4;
  for (uint32_t row = 0; row < rows; row++) readFloats(file, p.inputs + (size_t)row * stride, inputs);
  readFloats(file, p.targets, rows);
  readFloats(file, first, inputs + 1);
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    static Generator main;
    memset(p.weights, 0, (stride + 8) * 4);
    memcpy(p.weights, first, inputs * 4);
    p.weights[stride] = first[inputs];
    double start = now();
    seedWords(&main, seed, stateSize);
    for (int i = 0; i < inputs + 1; i++) nextWord(&main);
    for (uint32_t i = 0; i < rows && !shuffled; i++) p.order[i] = i;
    double squares = 0;
    for (uint32_t epoch = 0; epoch < epochs; epoch++) {
      for (int i = 0; i < 2; i++) nextWord(&main);
      if (shuffled) {
        nextWord(&main);
        permute(p.order, rows, nextWord(&main));
      }
      for (uint32_t at = 0; at < rows; at += size) squares += batch(&p, at, rows - at < size ? rows : at + size, lr);
    }
    const double seconds = now() - start;
    if (squares != squares) return 5;
    printf("%.9f %.9g\n", seconds, lossOver(&p));
    fflush(stdout);
  }
  return 0;
}
