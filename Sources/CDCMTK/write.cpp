#include "boundary.hpp"
#include "disk_stream.hpp"

#include "dcmtk/dcmdata/dcpixel.h"
#include "dcmtk/dcmdata/dcpixseq.h"
#include "dcmtk/dcmdata/dcpxitem.h"
#include "dcmtk/dcmdata/dcrlerp.h"
#include "dcmtk/dcmdata/dcwcache.h"
#include "dcmtk/dcmjpeg/djcparam.h"
#include "dcmtk/dcmjpeg/djeijg8.h"
#include "dcmtk/dcmjpeg/djrplol.h"
#include "dcmtk/dcmjpls/djrparam.h"

#include <cstring>

using namespace cdcmtk;

namespace {

/// The value as an array of `Number`, copied so that it is aligned; the host is little endian as the bytes are.
template <typename Number> std::vector<Number> numbers(const void *bytes, size_t length) {
  std::vector<Number> values(length / sizeof(Number));
  if (!values.empty()) std::memcpy(values.data(), bytes, values.size() * sizeof(Number));
  return values;
}

OFCondition put_value(DcmElement &element, const void *bytes, size_t length) {
  if (length == 0) return EC_Normal;
  const auto count = [](const auto &values) { return static_cast<unsigned long>(values.size()); };
  switch (element.ident()) {
  case EVR_OB: case EVR_UN:
    return element.putUint8Array(static_cast<const Uint8 *>(bytes), static_cast<unsigned long>(length));
  case EVR_US: case EVR_OW: {
    const auto values = numbers<Uint16>(bytes, length);
    return element.putUint16Array(values.data(), count(values));
  }
  case EVR_AT: {
    // DCMTK counts pairs of group and element here.
    const auto values = numbers<Uint16>(bytes, length);
    return element.putUint16Array(values.data(), count(values) / 2);
  }
  case EVR_SS: {
    const auto values = numbers<Sint16>(bytes, length);
    return element.putSint16Array(values.data(), count(values));
  }
  case EVR_UL: case EVR_OL: {
    const auto values = numbers<Uint32>(bytes, length);
    return element.putUint32Array(values.data(), count(values));
  }
  case EVR_SL: {
    const auto values = numbers<Sint32>(bytes, length);
    return element.putSint32Array(values.data(), count(values));
  }
  case EVR_UV: case EVR_OV: {
    const auto values = numbers<Uint64>(bytes, length);
    return static_cast<DcmUnsigned64bitVeryLong &>(element).putUint64Array(values.data(), count(values));
  }
  case EVR_SV: {
    const auto values = numbers<Sint64>(bytes, length);
    return static_cast<DcmSigned64bitVeryLong &>(element).putSint64Array(values.data(), count(values));
  }
  case EVR_FL: case EVR_OF: {
    const auto values = numbers<Float32>(bytes, length);
    return element.putFloat32Array(values.data(), count(values));
  }
  case EVR_FD: case EVR_OD: {
    const auto values = numbers<Float64>(bytes, length);
    return element.putFloat64Array(values.data(), count(values));
  }
  default:
    return element.putString(static_cast<const char *>(bytes), static_cast<Uint32>(length));
  }
}

/// Puts `element` into `item`, which then owns it.
bool insert(DcmItem *item, std::unique_ptr<DcmElement> element, cdcmtk_error *error) {
  const OFCondition condition = item->insert(element.get(), OFTrue);
  if (condition.bad()) return fail(error, condition, CDCMTK_STATUS_ARGUMENT);
  element.release();
  return true;
}

std::unique_ptr<DcmElement> make_element(uint16_t group, uint16_t element, const char *vr) {
  if (!DcmVR(vr).isStandard()) return nullptr;
  DcmElement *made = nullptr;
  const DcmTag tag(DcmTagKey(group, element), DcmVR(vr).getEVR());
  const OFCondition condition = DcmItem::newDicomElementWithVR(made, tag);
  std::unique_ptr<DcmElement> owner(made);
  if (condition.bad()) owner.reset();
  return owner;
}

std::unique_ptr<DcmRepresentationParameter> parameter_for(E_TransferSyntax syntax) {
  switch (syntax) {
  case EXS_RLELossless: return std::make_unique<DcmRLERepresentationParameter>();
  case EXS_JPEGProcess14SV1: return std::make_unique<DJ_RPLossless>(1, 0);
  case EXS_JPEGLSLossless: return std::make_unique<DJLSRepresentationParameter>(0, OFTrue);
  default: return nullptr;
  }
}

} // namespace

cdcmtk_file *cdcmtk_file_create(cdcmtk_error *error) noexcept {
  return guarded(error, [&] { return new cdcmtk_file; });
}

bool cdcmtk_item_put(cdcmtk_item *item, uint16_t group, uint16_t element, const char *vr, const void *bytes,
                     size_t length, cdcmtk_error *error) noexcept {
  return guarded(error, [&] {
    if (length > 0xFFFFFFFEu) return fail(error, CDCMTK_STATUS_ARGUMENT, "a value of 4 GiB or more");
    auto made = make_element(group, element, vr);
    if (made == nullptr || made->ident() == EVR_SQ) return fail(error, CDCMTK_STATUS_ARGUMENT, "not a VR of a value");
    const OFCondition condition = put_value(*made, bytes, length);
    if (condition.bad()) return fail(error, condition, CDCMTK_STATUS_ARGUMENT);
    return insert(unwrap(item), std::move(made), error);
  });
}

cdcmtk_element *cdcmtk_item_put_sequence(cdcmtk_item *item, uint16_t group, uint16_t element,
                                         cdcmtk_error *error) noexcept {
  return guarded(error, [&]() -> cdcmtk_element * {
    std::unique_ptr<DcmElement> made = std::make_unique<DcmSequenceOfItems>(DcmTag(DcmTagKey(group, element), EVR_SQ));
    DcmElement *borrowed = made.get();
    return insert(unwrap(item), std::move(made), error) ? wrap(borrowed) : nullptr;
  });
}

cdcmtk_item *cdcmtk_element_append_item(cdcmtk_element *sequence, cdcmtk_error *error) noexcept {
  return guarded(error, [&]() -> cdcmtk_item * {
    if (unwrap(sequence)->ident() != EVR_SQ) {
      fail(error, CDCMTK_STATUS_ARGUMENT, "not a sequence");
      return nullptr;
    }
    auto item = std::make_unique<DcmItem>();
    const OFCondition condition = static_cast<DcmSequenceOfItems *>(unwrap(sequence))->append(item.get());
    if (condition.bad()) {
      fail(error, condition, CDCMTK_STATUS_ARGUMENT);
      return nullptr;
    }
    return wrap(item.release());
  });
}

bool cdcmtk_file_put_pixels(cdcmtk_file *file, bool words, const void *bytes, size_t length,
                            cdcmtk_error *error) noexcept {
  return guarded(error, [&] {
    if (length > 0xFFFFFFFEu || (words && length % 2 != 0))
      return fail(error, CDCMTK_STATUS_ARGUMENT, "a length that native Pixel Data cannot have");
    auto pixels = std::make_unique<DcmPixelData>(DcmTag(DCM_PixelData, words ? EVR_OW : EVR_OB));
    const OFCondition condition =
        words ? pixels->putUint16Array(numbers<Uint16>(bytes, length).data(), static_cast<unsigned long>(length / 2))
              : pixels->putUint8Array(static_cast<const Uint8 *>(bytes), static_cast<unsigned long>(length));
    if (condition.bad()) return fail(error, condition, CDCMTK_STATUS_ARGUMENT);
    return insert(file->format.getDataset(), std::move(pixels), error);
  });
}

bool cdcmtk_file_encode(cdcmtk_file *file, const char *transfer_syntax, cdcmtk_error *error) noexcept {
  return guarded(error, [&] {
    const E_TransferSyntax syntax = DcmXfer(transfer_syntax).getXfer();
    const auto parameter = parameter_for(syntax);
    if (parameter == nullptr) return fail(error, CDCMTK_STATUS_UNSUPPORTED, "no encoder for this transfer syntax");
    DcmDataset *data_set = file->format.getDataset();
    DcmElement *description = nullptr;
    data_set->findAndGetElement(DCM_DerivationDescription, description, OFFalse, OFTrue);
    std::unique_ptr<DcmElement> original(description);
    const OFCondition condition = data_set->chooseRepresentation(syntax, parameter.get());
    if (condition.bad()) return fail(error, condition, CDCMTK_STATUS_CODING);
    data_set->removeAllButCurrentRepresentations();
    // DCMTK describes the compression here; what a lossless encoding changes is not worth a sentence.
    data_set->findAndDeleteElement(DCM_DerivationDescription);
    return original == nullptr || insert(data_set, std::move(original), error);
  });
}

cdcmtk_buffer *cdcmtk_jpeg_baseline_encode(const void *bytes, size_t length, uint16_t rows, uint16_t columns,
                                           uint16_t samples, uint8_t quality, cdcmtk_error *error) noexcept {
  return guarded(error, [&]() -> cdcmtk_buffer * {
    if (rows == 0 || columns == 0 || (samples != 1 && samples != 3) || length != size_t{1} * rows * columns * samples) {
      fail(error, CDCMTK_STATUS_ARGUMENT, "the frame's size disagrees with its format");
      return nullptr;
    }
    const DJCodecParameter settings(ECC_lossyYCbCr, EDC_never, EUC_never, EPC_colorByPixel, OFFalse, OFFalse, OFFalse,
                                    OFTrue, 0, 0, 0, OFTrue, ESS_422);
    DJCompressIJG8Bit encoder(settings, EJM_baseline, quality);
    std::vector<uint8_t> frame(static_cast<const uint8_t *>(bytes), static_cast<const uint8_t *>(bytes) + length);
    Uint8 *stream = nullptr;
    Uint32 stream_length = 0;
    const OFCondition condition = encoder.encode(columns, rows, samples == 1 ? EPI_Monochrome2 : EPI_RGB, samples,
                                                 frame.data(), stream, stream_length);
    const std::unique_ptr<Uint8[]> owner(stream);
    if (condition.bad() || stream == nullptr) {
      fail(error, condition, CDCMTK_STATUS_CODING);
      return nullptr;
    }
    auto buffer = std::make_unique<cdcmtk_buffer>();
    buffer->bytes.assign(stream, stream + stream_length);
    return buffer.release();
  });
}

bool cdcmtk_file_put_fragments(cdcmtk_file *file, const char *transfer_syntax, const cdcmtk_buffer *const *frames,
                               size_t count, cdcmtk_error *error) noexcept {
  return guarded(error, [&] {
    const E_TransferSyntax syntax = DcmXfer(transfer_syntax).getXfer();
    auto sequence = std::make_unique<DcmPixelSequence>(DcmTag(DCM_PixelSequenceTag));
    auto table = std::make_unique<DcmPixelItem>(DcmTag(DCM_PixelItemTag));
    DcmPixelItem *offset_table = table.get();
    OFCondition condition = sequence->insert(table.get());
    if (condition.bad()) return fail(error, condition, CDCMTK_STATUS_CODING);
    table.release();

    DcmOffsetList offsets;
    for (size_t index = 0; index < count && condition.good(); ++index) {
      const auto &bytes = frames[index]->bytes;
      if (bytes.empty()) return fail(error, CDCMTK_STATUS_ARGUMENT, "an empty frame");
      // DCMTK takes the bytes without const but copies them.
      condition = sequence->storeCompressedFrame(offsets, const_cast<Uint8 *>(bytes.data()),
                                                 static_cast<Uint32>(bytes.size()), 0);
    }
    if (condition.good()) condition = offset_table->createOffsetTable(offsets);
    if (condition.bad()) return fail(error, condition, CDCMTK_STATUS_CODING);

    auto pixels = std::make_unique<DcmPixelData>(DcmTag(DCM_PixelData, EVR_OB));
    pixels->putOriginalRepresentation(syntax, nullptr, sequence.release());
    return insert(file->format.getDataset(), std::move(pixels), error);
  });
}

bool cdcmtk_file_save(cdcmtk_file *file, const char *path, const char *transfer_syntax,
                      cdcmtk_error *error) noexcept {
  return guarded(error, [&] {
    const E_TransferSyntax syntax = DcmXfer(transfer_syntax).getXfer();
    if (syntax == EXS_Unknown) return fail(error, CDCMTK_STATUS_UNSUPPORTED, "not a transfer syntax DCMTK can write");
    OFCondition condition = file->format.getMetaInfo()->computeGroupLengthAndPadding(
        EGL_withGL, EPD_noChange, EXS_LittleEndianExplicit, EET_ExplicitLength);
    if (condition.bad()) return fail(error, condition, CDCMTK_STATUS_MALFORMED);

    DiskConsumer disk(path);
    {
      DiskStream stream(disk);
      DcmWriteCache cache;
      file->format.transferInit();
      if (disk.good())
        condition = file->format.write(stream, syntax, EET_ExplicitLength, &cache, EGL_withoutGL, EPD_withoutPadding,
                                       0, 0, 0, EWM_dontUpdateMeta);
      file->format.transferEnd();
      while (condition.good() && disk.good() && !stream.isFlushed()) stream.flush();
    }
    const int failure = disk.close();
    if (failure != 0) return fail(error, CDCMTK_STATUS_SYSTEM, "cannot write the file", failure);
    return condition.good() || fail(error, condition, CDCMTK_STATUS_CODING);
  });
}
