/* The draws of PyTorch's generator, mt19937, and of torch.randperm. */
#include <stdint.h>

enum { stateSize = 624, shift = 397 };

typedef struct {
  uint32_t state[stateSize];
  uint32_t index;
} Generator;

static void seedWords(Generator *g, uint32_t seed, uint32_t words) {
  g->state[0] = seed;
  for (uint32_t i = 1; i < words; i++) g->state[i] = 1812433253u * (g->state[i - 1] ^ (g->state[i - 1] >> 30)) + i;
  g->index = 0;
}

static inline uint32_t twist(uint32_t upper, uint32_t lower) {
  uint32_t mixed = (upper & 0x80000000u) | (lower & 0x7fffffffu);
  return (mixed >> 1) ^ (-(mixed & 1) & 0x9908b0dfu);
}

static inline uint32_t temper(uint32_t word) {
  word ^= word >> 11;
  word ^= (word << 7) & 0x9d2c5680u;
  word ^= (word << 15) & 0xefc60000u;
  return word ^ (word >> 18);
}

static uint32_t nextWord(Generator *g) {
  uint32_t i = g->index, next = i + 1 == stateSize ? 0 : i + 1;
  uint32_t far = i + shift < stateSize ? i + shift : i + shift - stateSize;
  g->state[i] = g->state[far] ^ twist(g->state[i], g->state[next]);
  uint32_t word = temper(g->state[i]);
  g->index = next;
  return word;
}

static void renew(uint32_t *s) {
  for (int i = 0; i < stateSize - shift; i++) s[i] = s[i + shift] ^ twist(s[i], s[i + 1]);
  for (int i = stateSize - shift; i < stateSize - 1; i++) s[i] = s[i + shift - stateSize] ^ twist(s[i], s[i + 1]);
  s[stateSize - 1] = s[shift - 1] ^ twist(s[stateSize - 1], s[0]);
}

static inline void swap(uint32_t *order, uint32_t i, uint32_t word, uint32_t count) {
  uint32_t other = i + word % (count - i), item = order[i];
  order[i] = order[other];
  order[other] = item;
}

/* torch.randperm: seeds only the words that are needed where few are drawn. */
static void permute(uint32_t *order, uint32_t count, uint32_t seed) {
  static Generator g;
  for (uint32_t i = 0; i < count; i++) order[i] = i;
  uint32_t draws = count - 1;
  if (draws <= stateSize - shift) {
    seedWords(&g, seed, draws + shift);
    for (uint32_t i = 0; i < draws; i++)
      swap(order, i, temper(g.state[i + shift] ^ twist(g.state[i], g.state[i + 1])), count);
    return;
  }
  seedWords(&g, seed, stateSize);
  for (uint32_t first = 0; first < draws; first += stateSize) {
    uint32_t words[stateSize], rest = draws - first < stateSize ? draws - first : stateSize;
    renew(g.state);
    for (int k = 0; k < stateSize; k++) words[k] = temper(g.state[k]);
    for (uint32_t k = 0; k < rest; k++) swap(order, first + k, words[k], count);
  }
}
