#include "CSentencePiece.h"

#include <sentencepiece_processor.h>

#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct csp_model {
  sentencepiece::SentencePieceProcessor processor;
};

namespace {

csp_status fail(csp_status status, const char *reason, csp_error *error) noexcept {
  std::strncpy(error->message, reason, sizeof error->message - 1);
  error->message[sizeof error->message - 1] = '\0';
  return status;
}

// The one place where exceptions end.
template <typename Body>
csp_status guarded(csp_error *error, Body body) noexcept {
  try {
    return body();
  } catch (const std::exception &exception) {
    return fail(CSP_INTERNAL, exception.what(), error);
  } catch (...) {
    return fail(CSP_INTERNAL, "an unknown exception", error);
  }
}

// ModelProto field 3 (normalizer_spec) holding field 3 (add_dummy_prefix) = false. Protocol buffers merge a message
// that appears twice, so that appending these bytes changes that setting and no other.
constexpr char kNoDummyPrefix[] = {0x1A, 0x02, 0x18, 0x00};

}  // namespace

csp_status csp_model_create(const void *bytes, size_t count, csp_model **model, csp_error *error) {
  return guarded(error, [&] {
    std::string serialized(static_cast<const char *>(bytes), count);
    serialized.append(kNoDummyPrefix, sizeof kNoDummyPrefix);
    auto loaded = std::make_unique<csp_model>();
    const auto status = loaded->processor.LoadFromSerializedProto(serialized);
    if (!status.ok()) return fail(CSP_INVALID_MODEL, status.ToString().c_str(), error);
    *model = loaded.release();
    return CSP_OK;
  });
}

void csp_model_free(csp_model *model) { delete model; }

int32_t csp_model_piece_count(const csp_model *model) { return model->processor.GetPieceSize(); }

int32_t csp_model_piece_id(const csp_model *model, const char *piece, size_t count) {
  return model->processor.PieceToId(std::string_view(piece, count));
}

csp_status csp_model_encode(const csp_model *model, const char *text, size_t count, int32_t *ids, size_t capacity,
                            size_t *id_count, csp_error *error) {
  return guarded(error, [&] {
    std::vector<int> pieces;
    const auto status = model->processor.Encode(std::string_view(text, count), &pieces);
    if (!status.ok()) return fail(CSP_ENCODING_FAILED, status.ToString().c_str(), error);
    *id_count = pieces.size();
    if (pieces.size() > capacity) return fail(CSP_BUFFER_TOO_SMALL, "the buffer is too small", error);
    for (size_t index = 0; index < pieces.size(); ++index) ids[index] = pieces[index];
    return CSP_OK;
  });
}
