// The one place where C++ ends: handles, casts, and the guard that lets no exception out.

#ifndef CDCMTK_BOUNDARY_HPP
#define CDCMTK_BOUNDARY_HPP

#include "CDCMTK.h"

#include "dcmtk/config/osconfig.h"

#include "dcmtk/dcmdata/dcfcache.h"
#include "dcmtk/dcmdata/dctk.h"

#include <memory>
#include <new>
#include <vector>

class DcmPixelItem;

struct cdcmtk_file {
  DcmFileFormat format;
  /// Keeps one file open for values that stay on disk.
  DcmFileCache cache;
  /// The items of encapsulated Pixel Data, the offset table first; owned by `format`.
  std::vector<DcmPixelItem *> fragments;
  /// Owned by `format`; null when there is no Pixel Data.
  DcmPixelData *pixels = nullptr;
  /// Offset in the file of the first byte that was not read.
  uint64_t end_of_reading = 0;
};

struct cdcmtk_buffer {
  std::vector<uint8_t> bytes;
};

namespace cdcmtk {

inline DcmItem *unwrap(cdcmtk_item *item) { return reinterpret_cast<DcmItem *>(item); }
inline cdcmtk_item *wrap(DcmItem *item) { return reinterpret_cast<cdcmtk_item *>(item); }
inline DcmElement *unwrap(cdcmtk_element *element) { return reinterpret_cast<DcmElement *>(element); }
inline cdcmtk_element *wrap(DcmElement *element) { return reinterpret_cast<cdcmtk_element *>(element); }

/// Fills `error` and returns false, for `return fail(...)`.
bool fail(cdcmtk_error *error, cdcmtk_status status, const char *text, int system_error = 0) noexcept;

/// Translates a DCMTK condition; `otherwise` is the status of conditions that have none of their own.
bool fail(cdcmtk_error *error, const OFCondition &condition, cdcmtk_status otherwise) noexcept;

/// Runs `body`; an exception becomes an error and the zero value of the result: false or null.
template <typename Body> auto guarded(cdcmtk_error *error, Body body) noexcept -> decltype(body()) {
  try {
    cdcmtk_prepare();
    *error = cdcmtk_error{};
    return body();
  } catch (const std::bad_alloc &) {
    fail(error, CDCMTK_STATUS_NO_MEMORY, "out of memory");
  } catch (...) {
    fail(error, CDCMTK_STATUS_EXCEPTION, "an unexpected C++ exception");
  }
  return decltype(body()){};
}

/// As above for queries without an error: an exception becomes `fallback`.
template <typename Value, typename Body> Value guarded_value(Value fallback, Body body) noexcept {
  try {
    return body();
  } catch (...) {
    return fallback;
  }
}

} // namespace cdcmtk

#endif
