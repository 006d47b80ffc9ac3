#include "boundary.hpp"

#include "dcmtk/ofstd/ofchrenc.h"

#include <iconv.h>

using namespace cdcmtk;

bool cdcmtk_text_keep(const char *encoding) noexcept {
  // Never closed: a converter in use is not unloaded.
  return ::iconv_open("UTF-8", encoding) != reinterpret_cast<iconv_t>(-1);
}

cdcmtk_buffer *cdcmtk_text_to_utf8(const char *encoding, const void *bytes, size_t length,
                                   cdcmtk_error *error) noexcept {
  return guarded(error, [&]() -> cdcmtk_buffer * {
    OFCharacterEncoding converter;
    if (converter.selectEncoding(encoding, "UTF-8").bad()) {
      fail(error, CDCMTK_STATUS_UNSUPPORTED, "unknown encoding");
      return nullptr;
    }
    OFString text;
    if (converter.convertString(static_cast<const char *>(bytes), length, text).bad()) {
      // DCMTK's condition may quote the text, ours does not.
      fail(error, CDCMTK_STATUS_CODING, "text does not fit its encoding");
      return nullptr;
    }
    auto buffer = std::make_unique<cdcmtk_buffer>();
    buffer->bytes.assign(text.begin(), text.end());
    return buffer.release();
  });
}
