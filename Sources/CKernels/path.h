// Everything that a path consists of. Each path's file sets a target and includes this once: the same source, compiled for
// another kind of processor. The macros PATH_HAS_… say which instructions may be used beyond what the compiler finds itself.
#include "vectors.h"

#include "tile.h"

#include "rows.h"

#include "linear.h"

#include "heads.h"

#include "attention_bytes.h"

#include "attention.h"

#define PATH_KERNELS(name)                                                                                      \
  {name, linear, layer_norm, quantize, round_rows, pack_heads, attend, softmax, product, add}
