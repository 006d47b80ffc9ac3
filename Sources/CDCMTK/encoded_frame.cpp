// What an encoder left in a data set, as bytes.

#include "boundary.hpp"

#include "dcmtk/dcmdata/dcpixel.h"
#include "dcmtk/dcmdata/dcpixseq.h"
#include "dcmtk/dcmdata/dcpxitem.h"

using namespace cdcmtk;

cdcmtk_buffer *cdcmtk_file_copy_code_stream(cdcmtk_file *file, cdcmtk_error *error) noexcept {
  return guarded(error, [&]() -> cdcmtk_buffer * {
    DcmElement *element = nullptr;
    file->format.getDataset()->findAndGetElement(DCM_PixelData, element);
    auto *pixels = dynamic_cast<DcmPixelData *>(element);
    DcmPixelSequence *sequence = nullptr;
    if (pixels != nullptr) {
      E_TransferSyntax syntax = EXS_Unknown;
      const DcmRepresentationParameter *parameter = nullptr;
      pixels->getCurrentRepresentationKey(syntax, parameter);
      if (pixels->getEncapsulatedRepresentation(syntax, parameter, sequence).bad()) sequence = nullptr;
    }
    if (sequence == nullptr || sequence->card() < 2) {
      fail(error, CDCMTK_STATUS_ARGUMENT, "no encapsulated pixel data");
      return nullptr;
    }
    auto buffer = std::make_unique<cdcmtk_buffer>();
    for (unsigned long index = 1; index < sequence->card(); ++index) {
      DcmPixelItem *item = nullptr;
      Uint8 *bytes = nullptr;
      OFCondition condition = sequence->getItem(item, index);
      if (condition.good()) condition = item->getUint8Array(bytes);
      if (condition.bad()) {
        fail(error, condition, CDCMTK_STATUS_CODING);
        return nullptr;
      }
      if (bytes != nullptr) buffer->bytes.insert(buffer->bytes.end(), bytes, bytes + item->getLength());
    }
    return buffer.release();
  });
}
