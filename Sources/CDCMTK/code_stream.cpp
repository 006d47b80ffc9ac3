// JPEG and JPEG-LS code streams from memory, through DCMTK's codecs.

#include "boundary.hpp"

#include "dcmtk/dcmdata/dccodec.h"
#include "dcmtk/dcmdata/dcpixseq.h"
#include "dcmtk/dcmdata/dcpxitem.h"

#include <cstring>
#include <utility>

#include <zlib.h>

using namespace cdcmtk;

namespace {

/// What DCMTK's decoders read of a data set: the Image Pixel Module of one frame.
OFCondition describe(DcmItem &item, const cdcmtk_frame_format &format) {
  // The label steers a colour conversion that is switched off; it must only agree with the number of samples.
  OFCondition condition =
      item.putAndInsertString(DCM_PhotometricInterpretation, format.samples == 1 ? "MONOCHROME2" : "RGB");
  const std::pair<DcmTagKey, uint16_t> words[] = {
      {DCM_SamplesPerPixel, format.samples},        {DCM_PlanarConfiguration, uint16_t{0}},
      {DCM_Rows, format.rows},                      {DCM_Columns, format.columns},
      {DCM_BitsAllocated, format.bits_allocated},   {DCM_BitsStored, format.bits_stored},
      {DCM_HighBit, uint16_t(format.bits_stored - 1)}, {DCM_PixelRepresentation, uint16_t{0}},
  };
  for (const auto &[tag, value] : words)
    if (condition.good()) condition = item.putAndInsertUint16(tag, value);
  return condition;
}

/// Encapsulated pixel data of one frame: an empty offset table and the code stream.
OFCondition encapsulate(DcmPixelSequence &sequence, const uint8_t *bytes, Uint32 length) {
  for (const Uint32 size : {Uint32{0}, length}) {
    auto item = std::make_unique<DcmPixelItem>(DcmTag(DCM_PixelItemTag));
    OFCondition condition = size == 0 ? EC_Normal : item->putUint8Array(bytes, size);
    if (condition.good()) condition = sequence.insert(item.get());
    if (condition.bad()) return condition;
    item.release();
  }
  return EC_Normal;
}

} // namespace

bool cdcmtk_code_stream_decode(const char *transfer_syntax, const uint8_t *bytes, size_t length,
                               cdcmtk_frame_format format, void *destination, uint32_t size,
                               cdcmtk_error *error) noexcept {
  return guarded(error, [&] {
    const DcmXfer syntax(transfer_syntax);
    if (syntax.getXfer() == EXS_Unknown || !syntax.isEncapsulated())
      return fail(error, CDCMTK_STATUS_UNSUPPORTED, "no codec for this transfer syntax");
    if (length == 0 || length > 0xFFFFFFFEu) return fail(error, CDCMTK_STATUS_ARGUMENT, "no code stream");
    DcmItem item;
    DcmPixelSequence sequence(DcmTag(DCM_PixelSequenceTag));
    OFCondition condition = describe(item, format);
    if (condition.good()) condition = encapsulate(sequence, bytes, static_cast<Uint32>(length));
    if (condition.bad()) return fail(error, condition, CDCMTK_STATUS_ARGUMENT);
    // Whatever a decoder leaves out of a damaged stream must not be what lay in memory before.
    std::memset(destination, 0, size);
    Uint32 fragment = 1;
    OFString model;
    condition =
        DcmCodecList::decodeFrame(syntax, nullptr, &sequence, &item, 0, fragment, destination, size, model);
    return condition.good() || fail(error, condition, CDCMTK_STATUS_CODING);
  });
}

bool cdcmtk_inflate(const uint8_t *bytes, size_t length, void *destination, size_t size, size_t *produced,
                    cdcmtk_error *error) noexcept {
  return guarded(error, [&] {
    *produced = 0;
    if (length > 0xFFFFFFFEu || size > 0xFFFFFFFEu) return fail(error, CDCMTK_STATUS_ARGUMENT, "4 GiB or more");
    z_stream stream{};
    // Negative window bits: the bare format of RFC 1951, without a zlib header.
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return fail(error, CDCMTK_STATUS_NO_MEMORY, "out of memory");
    // zlib takes the input without const but does not write to it.
    stream.next_in = const_cast<Bytef *>(bytes);
    stream.avail_in = static_cast<uInt>(length);
    stream.next_out = static_cast<Bytef *>(destination);
    stream.avail_out = static_cast<uInt>(size);
    const int outcome = inflate(&stream, Z_FINISH);
    *produced = stream.total_out;
    inflateEnd(&stream);
    if (outcome == Z_STREAM_END) return true;
    const bool is_full = outcome == Z_BUF_ERROR && *produced == size;
    return fail(error, CDCMTK_STATUS_CODING,
                is_full ? "inflates to more bytes than a frame has" : "not a whole deflated stream");
  });
}
