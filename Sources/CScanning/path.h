// Everything that a path consists of. Each path's file sets a target and includes this once: the same source, compiled for
// another kind of processor.
#include "vectors.h"

#include "workspace.h"

#include "planes.h"

#include "response.h"

#include "noise.h"

#include "collect.h"

#include "patterns.h"

#define PATH_KERNELS(name) \
  {name, words, count_at_most, range, halve, respond, noise, thresholds, strokes, pens, next_word}
