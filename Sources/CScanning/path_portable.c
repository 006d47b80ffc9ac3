// Any processor: what the compiler makes of the vectors.
#include "path.h"

const cs_kernels cs_portable = PATH_KERNELS("portable");
