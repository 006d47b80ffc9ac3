#include "workspace.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  // `end` is one past the last.
  int32_t start, end, label;
} cs_run;

typedef struct {
  cs_component measured;
  int32_t parent;
} cs_label;

struct cs_workspace {
  void *rows;
  size_t row_bytes;
  uint32_t *mask;
  cs_run *previous, *current;
  size_t width, words;
  size_t previous_count, current_count, cursor;
  cs_label *labels;
  size_t label_count, label_capacity, run_total;
  cs_component *found;
  size_t found_capacity;
  int32_t row;
  bool has_failed;
};

cs_workspace *cs_workspace_make(void) { return calloc(1, sizeof(cs_workspace)); }

void cs_workspace_free(cs_workspace *w) {
  if (!w) return;
  free(w->rows);
  free(w->mask);
  free(w->previous);
  free(w->current);
  free(w->labels);
  free(w->found);
  free(w);
}

const cs_component *cs_components(const cs_workspace *w) { return w->found; }

void *cs_workspace_rows(cs_workspace *w, size_t size) {
  if (w->row_bytes < size) {
    free(w->rows);
    size = (size + 63) / 64 * 64;
    w->rows = aligned_alloc(64, size);
    w->row_bytes = w->rows ? size : 0;
  }
  return w->rows;
}

uint32_t *cs_collection_begin(cs_workspace *w, size_t width, size_t words) {
  if (w->width < width || w->words < words) {
    free(w->mask);
    free(w->previous);
    free(w->current);
    // Runs of one sample with one between them.
    size_t runs = width / 2 + 1;
    w->mask = malloc(words * sizeof *w->mask);
    w->previous = malloc(runs * sizeof *w->previous);
    w->current = malloc(runs * sizeof *w->current);
    bool is_whole = w->mask && w->previous && w->current;
    w->width = is_whole ? width : 0;
    w->words = is_whole ? words : 0;
    if (!is_whole) return NULL;
  }
  w->previous_count = w->current_count = w->cursor = 0;
  w->label_count = w->run_total = 0;
  w->row = -2;
  w->has_failed = false;
  return w->mask;
}

bool cs_collection_is_full(const cs_workspace *w) { return w->has_failed || w->run_total >= CS_RUNS; }

void cs_collection_row(cs_workspace *w, int32_t row) {
  cs_run *runs = w->previous;
  w->previous = w->current;
  w->previous_count = row == w->row + 1 ? w->current_count : 0;
  w->current = runs;
  w->current_count = w->cursor = 0;
  w->row = row;
}

static int32_t find(cs_label *labels, int32_t label) {
  int32_t root = label;
  while (labels[root].parent != root) root = labels[root].parent;
  labels[label].parent = root;
  return root;
}

static void unite(cs_component *a, const cs_component *b) {
  a->area += b->area;
  a->run_count += b->run_count;
  a->vertical_contacts += b->vertical_contacts;
  a->value_sum += b->value_sum;
  a->square_sum += b->square_sum;
  a->response_sum += b->response_sum;
  a->step_sum += b->step_sum;
  if (b->left < a->left) a->left = b->left;
  if (b->right > a->right) a->right = b->right;
  if (b->top < a->top) a->top = b->top;
  if (b->bottom > a->bottom) a->bottom = b->bottom;
}

static bool has_room(cs_workspace *w) {
  if (w->label_count < w->label_capacity) return true;
  size_t capacity = w->label_capacity ? 2 * w->label_capacity : 1024;
  cs_label *labels = realloc(w->labels, capacity * sizeof *labels);
  if (!labels) return !(w->has_failed = true);
  w->labels = labels;
  w->label_capacity = capacity;
  return true;
}

void cs_collection_pass(cs_workspace *w, size_t count) { w->run_total += count; }

bool cs_collection_add(cs_workspace *w, size_t start, size_t end, int64_t value, int64_t response, int64_t steps) {
  int32_t first = (int32_t)start, past = (int32_t)end, label = -1;
  cs_component piece = {
    .area = past - first, .run_count = 1, .value_sum = value, .square_sum = value * value, .response_sum = response,
    .step_sum = steps, .left = first, .right = past - 1, .top = w->row, .bottom = w->row};
  w->run_total++;
  while (w->cursor < w->previous_count && w->previous[w->cursor].end < first) w->cursor++;
  for (size_t i = w->cursor; i < w->previous_count && w->previous[i].start <= past; i++) {
    const cs_run *above = &w->previous[i];
    int32_t right = past < above->end ? past : above->end, left = first > above->start ? first : above->start;
    if (right > left) piece.vertical_contacts += right - left;
    int32_t root = find(w->labels, above->label);
    if (label < 0) {
      label = root;
    } else if (root != label) {
      // The older label stays.
      int32_t kept = root < label ? root : label, lost = root < label ? label : root;
      w->labels[lost].parent = kept;
      unite(&w->labels[kept].measured, &w->labels[lost].measured);
      label = kept;
    }
  }
  if (label >= 0) {
    unite(&w->labels[label].measured, &piece);
  } else {
    if (!has_room(w)) return false;
    label = (int32_t)w->label_count++;
    w->labels[label] = (cs_label){.measured = piece, .parent = label};
  }
  w->current[w->current_count++] = (cs_run){first, past, label};
  return true;
}

size_t cs_collection_end(cs_workspace *w, cs_wanted wanted) {
  size_t count = 0;
  for (size_t i = 0; i < w->label_count; i++) {
    if (w->labels[i].parent != (int32_t)i) continue;
    const cs_component *c = &w->labels[i].measured;
    int32_t width = c->right - c->left + 1, height = c->bottom - c->top + 1;
    int32_t longer = width > height ? width : height, shorter = width > height ? height : width;
    if (longer < wanted.least_long || shorter > wanted.greatest_short || c->area < wanted.least_area) continue;
    if (count == w->found_capacity) {
      size_t capacity = count ? 2 * count : 256;
      cs_component *found = realloc(w->found, capacity * sizeof *found);
      if (!found) return w->has_failed = true, 0;
      w->found = found;
      w->found_capacity = capacity;
    }
    w->found[count++] = *c;
  }
  // What clutter has taken is not kept for planes that need less.
  if (w->label_capacity > 1 << 16) {
    free(w->labels);
    w->labels = NULL;
    w->label_capacity = 0;
  }
  return count;
}
