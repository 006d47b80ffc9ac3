// Memory of one thread, and the collection of components in it. What a path does with it lies in its own file.
#ifndef CS_WORKSPACE_H
#define CS_WORKSPACE_H

#include "CScanning.h"

// At least so many bytes, at a multiple of 64; NULL without memory.
void *cs_workspace_rows(cs_workspace *workspace, size_t size);

// Starts a collection; gives words for the bits of a row, NULL without memory.
uint32_t *cs_collection_begin(cs_workspace *workspace, size_t width, size_t words);
bool cs_collection_is_full(const cs_workspace *workspace);
// What is added from now on is in this row; rows come from top to bottom.
void cs_collection_row(cs_workspace *workspace, int32_t row);
// Adds the samples `start..<end` of the row; runs come from left to right. False when the collection is full.
bool cs_collection_add(
  cs_workspace *workspace, size_t start, size_t end, int64_t value, int64_t response, int64_t steps);
// Counts runs that are not added.
void cs_collection_pass(cs_workspace *workspace, size_t count);
// Keeps the components that are wanted, in the order of their first samples, and says how many.
size_t cs_collection_end(cs_workspace *workspace, cs_wanted wanted);

#endif
