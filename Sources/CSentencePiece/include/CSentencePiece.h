// A plain-C view of the SentencePiece library: load a model, look a piece up, split text into pieces.
//
// No function throws, prints or keeps a reference to its arguments. A failure is returned as a status; where an error
// struct is given, it belongs to the caller and is filled with the reason.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum csp_status {
  CSP_OK = 0,
  /// The bytes are no SentencePiece model.
  CSP_INVALID_MODEL = 1,
  /// The text could not be split.
  CSP_ENCODING_FAILED = 2,
  /// The result does not fit the caller's buffer; `count` says how much room it needs.
  CSP_BUFFER_TOO_SMALL = 3,
  /// Out of memory, or an exception nobody foresaw.
  CSP_INTERNAL = 4,
} csp_status;

/// Filled by a function that fails; `message` ends with a zero byte and may be cut.
typedef struct csp_error {
  char message[256];
} csp_error;

/// A loaded model. It is not changed after loading, so that several threads may use it at once.
typedef struct csp_model csp_model;

/// Loads a serialised model (`spiece.model`) with its dummy prefix switched off.
///
/// On success `*model` belongs to the caller, who frees it with csp_model_free.
csp_status csp_model_create(const void *_Nonnull bytes, size_t count, csp_model *_Nullable *_Nonnull model,
                            csp_error *_Nonnull error);

void csp_model_free(csp_model *_Nullable model);

/// How many pieces the vocabulary has; identifiers run from 0 up to it.
int32_t csp_model_piece_count(const csp_model *_Nonnull model);

/// The identifier of a piece given in UTF-8, or that of the unknown piece.
int32_t csp_model_piece_id(const csp_model *_Nonnull model, const char *_Nonnull piece, size_t count);

/// Splits UTF-8 text into pieces and writes their identifiers to `ids`, which has room for `capacity`.
///
/// `*id_count` is set to the number of pieces, also when they do not fit.
csp_status csp_model_encode(const csp_model *_Nonnull model, const char *_Nonnull text, size_t count,
                            int32_t *_Nonnull ids, size_t capacity, size_t *_Nonnull id_count,
                            csp_error *_Nonnull error);

#ifdef __cplusplus
}
#endif
