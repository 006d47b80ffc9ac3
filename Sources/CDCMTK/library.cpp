#include "boundary.hpp"

#include "dcmtk/dcmdata/dcrledrg.h"
#include "dcmtk/dcmdata/dcrleerg.h"
#include "dcmtk/dcmjpeg/djdecode.h"
#include "dcmtk/dcmjpeg/djencode.h"
#include "dcmtk/dcmjpls/djdecode.h"
#include "dcmtk/dcmjpls/djencode.h"
#include "dcmtk/oflog/oflog.h"

#include <cstdio>
#include <mutex>

namespace {

/// DCMTK's switches are process-wide; they are set once, before the first file is opened.
void configure() {
  OFLog::configure(OFLogger::OFF_LOG_LEVEL);
  // A standard sequence that a middleman stored as UN is parsed again (PS3.5 6.2.2).
  dcmEnableUnknownVRConversion.set(OFTrue);
  // What we write is checked by its author, not by DCMTK's value checkers.
  dcmEnableVRCheckerForStringValues.set(OFFalse);

  DcmRLEDecoderRegistration::registerCodecs(OFFalse, OFFalse);
  DJDecoderRegistration::registerCodecs(EDC_never, EUC_never, EPC_colorByPixel);
  DJLSDecoderRegistration::registerCodecs(EJLSUC_never, EJLSPC_colorByPixel);

  DcmRLEEncoderRegistration::registerCodecs(OFFalse);
  DJEncoderRegistration::registerCodecs(ECC_lossyYCbCr, EUC_never);
  DJLSEncoderRegistration::registerCodecs(0, 0, 0, 0, OFFalse, 0, OFTrue, EJLSUC_never);
}

void copy(const char *text, cdcmtk_error *error) noexcept {
  std::snprintf(error->text, sizeof error->text, "%s", text == nullptr ? "" : text);
}

cdcmtk_status status_of(const OFCondition &condition, cdcmtk_status otherwise) {
  if (condition == EC_MemoryExhausted) return CDCMTK_STATUS_NO_MEMORY;
  // A value that is read at once and not found whole leaves an invalid stream.
  if (condition == EC_StreamNotifyClient || condition == EC_InvalidStream || condition == EC_EndOfStream || condition == EC_ItemDelimitationItemMissing ||
      condition == EC_SequDelimitationItemMissing)
    return CDCMTK_STATUS_TRUNCATED;
  if (condition == EC_UnsupportedEncoding || condition == EC_UnknownTransferSyntax) return CDCMTK_STATUS_UNSUPPORTED;
  return otherwise;
}

} // namespace

namespace cdcmtk {

bool fail(cdcmtk_error *error, cdcmtk_status status, const char *text, int system_error) noexcept {
  error->status = status;
  error->system_error = system_error;
  copy(text, error);
  return false;
}

bool fail(cdcmtk_error *error, const OFCondition &condition, cdcmtk_status otherwise) noexcept {
  return fail(error, status_of(condition, otherwise), condition.text());
}

} // namespace cdcmtk

void cdcmtk_prepare(void) noexcept {
  static std::once_flag once;
  try {
    std::call_once(once, configure);
  } catch (...) {
    // The next call tries again; a missing codec then shows as an unsupported representation.
  }
}

const char *cdcmtk_version(void) noexcept { return OFFIS_DCMTK_VERSION_STRING; }

bool cdcmtk_has_dictionary(void) noexcept {
  return cdcmtk::guarded_value(false, [] { return static_cast<bool>(dcmDataDict.isDictionaryLoaded()); });
}

const char *cdcmtk_uid_keyword(const char *uid) noexcept { return dcmFindNameOfUID(uid, nullptr); }

const uint8_t *cdcmtk_buffer_bytes(const cdcmtk_buffer *buffer) noexcept { return buffer->bytes.data(); }

size_t cdcmtk_buffer_length(const cdcmtk_buffer *buffer) noexcept { return buffer->bytes.size(); }

void cdcmtk_buffer_free(cdcmtk_buffer *buffer) noexcept { delete buffer; }
