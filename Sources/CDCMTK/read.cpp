#include "boundary.hpp"
#include "bounded_stream.hpp"

#include "dcmtk/dcmdata/dcpixel.h"
#include "dcmtk/dcmdata/dcpixseq.h"
#include "dcmtk/dcmdata/dcpxitem.h"


using namespace cdcmtk;

namespace {

/// Values above this many bytes are left on disk.
constexpr Uint32 maximum_value_in_memory = 4096;

DcmSequenceOfItems *sequence_of(DcmElement *element) {
  // A pixel sequence is a DcmSequenceOfItems too, but its items hold fragments instead of elements.
  return element->ident() == EVR_SQ ? static_cast<DcmSequenceOfItems *>(element) : nullptr;
}

/// Finds Pixel Data and lists its fragments, so that later access is by index.
void index_pixels(cdcmtk_file &file) {
  DcmElement *element = nullptr;
  if (file.format.getDataset()->findAndGetElement(DCM_PixelData, element).bad()) return;
  file.pixels = dynamic_cast<DcmPixelData *>(element);
  if (file.pixels == nullptr) return;

  E_TransferSyntax syntax = EXS_Unknown;
  const DcmRepresentationParameter *parameter = nullptr;
  file.pixels->getOriginalRepresentationKey(syntax, parameter);
  DcmPixelSequence *sequence = nullptr;
  if (file.pixels->getEncapsulatedRepresentation(syntax, parameter, sequence).bad() || sequence == nullptr) return;
  file.fragments.reserve(sequence->card());
  for (DcmObject *object = sequence->nextInContainer(nullptr); object != nullptr;
       object = sequence->nextInContainer(object))
    file.fragments.push_back(static_cast<DcmPixelItem *>(object));
}

bool read_value(DcmElement *element, uint32_t offset, uint32_t length, void *destination, DcmFileCache *cache,
                cdcmtk_error *error) {
  const Uint32 available = element->getLength();
  if (offset > available || length > available - offset)
    return fail(error, CDCMTK_STATUS_ARGUMENT, "the value is shorter than asked for");
  if (length == 0) return true;
  const OFCondition condition = element->getPartialValue(destination, offset, length, cache, EBO_LittleEndian);
  return condition.good() || fail(error, condition, CDCMTK_STATUS_MALFORMED);
}

cdcmtk_file *open_file(int descriptor, cdcmtk_limits limits, const DcmTagKey &stop, cdcmtk_error *error) noexcept {
  return guarded(error, [&]() -> cdcmtk_file * {
    auto file = std::make_unique<cdcmtk_file>();
    BoundedFileStream stream(descriptor, limits);
    OFCondition condition = stream.status();
    if (condition.good()) {
      file->format.transferInit();
      condition = file->format.readUntilTag(stream, EXS_Unknown, EGL_noChange, maximum_value_in_memory, stop);
      file->format.transferEnd();
      file->end_of_reading = static_cast<uint64_t>(stream.tell());
    }
    if (stream.limit_reached() != CDCMTK_STATUS_OK) {
      fail(error, stream.limit_reached(), "a limit of the parser was reached");
      return nullptr;
    }
    if (condition.bad()) {
      fail(error, condition, CDCMTK_STATUS_MALFORMED);
      return nullptr;
    }
    index_pixels(*file);
    return file.release();
  });
}

} // namespace

cdcmtk_file *cdcmtk_file_open(int descriptor, cdcmtk_limits limits, cdcmtk_error *error) noexcept {
  return open_file(descriptor, limits, DCM_UndefinedTagKey, error);
}

cdcmtk_file *cdcmtk_file_open_before_pixels(int descriptor, cdcmtk_limits limits, cdcmtk_error *error) noexcept {
  return open_file(descriptor, limits, DCM_PixelData, error);
}

void cdcmtk_file_free(cdcmtk_file *file) noexcept { delete file; }

uint64_t cdcmtk_file_end_of_reading(cdcmtk_file *file) noexcept { return file->end_of_reading; }

cdcmtk_item *cdcmtk_file_meta(cdcmtk_file *file) noexcept { return wrap(file->format.getMetaInfo()); }

cdcmtk_item *cdcmtk_file_data_set(cdcmtk_file *file) noexcept { return wrap(file->format.getDataset()); }

const char *cdcmtk_file_transfer_syntax(cdcmtk_file *file) noexcept {
  return guarded_value("", [&]() -> const char * {
    const E_TransferSyntax syntax = file->format.getDataset()->getOriginalXfer();
    if (syntax == EXS_Unknown) return "";
    // The UID lies in DCMTK's static table, not in the temporary.
    const char *uid = DcmXfer(syntax).getXferID();
    return uid == nullptr ? "" : uid;
  });
}

cdcmtk_element *cdcmtk_item_next(cdcmtk_item *item, cdcmtk_element *previous) noexcept {
  return guarded_value(static_cast<cdcmtk_element *>(nullptr), [&] {
    return wrap(static_cast<DcmElement *>(unwrap(item)->nextInContainer(unwrap(previous))));
  });
}

cdcmtk_element *cdcmtk_item_find(cdcmtk_item *item, uint16_t group, uint16_t element) noexcept {
  return guarded_value(static_cast<cdcmtk_element *>(nullptr), [&]() -> cdcmtk_element * {
    DcmElement *found = nullptr;
    const OFCondition condition = unwrap(item)->findAndGetElement(DcmTagKey(group, element), found);
    return condition.good() ? wrap(found) : nullptr;
  });
}

cdcmtk_element_info cdcmtk_element_describe(cdcmtk_element *element) noexcept {
  return guarded_value(cdcmtk_element_info{}, [&] {
    DcmElement *object = unwrap(element);
    cdcmtk_element_info info{};
    info.group = object->getGTag();
    info.element = object->getETag();
    const char *name = DcmVR(object->getVR()).getValidVRName();
    info.vr[0] = name[0];
    info.vr[1] = name[1];
    info.is_sequence = sequence_of(object) != nullptr;
    if (info.is_sequence) return info;
    if (auto *pixels = dynamic_cast<DcmPixelData *>(object)) {
      E_TransferSyntax syntax = EXS_Unknown;
      const DcmRepresentationParameter *parameter = nullptr;
      pixels->getOriginalRepresentationKey(syntax, parameter);
      DcmPixelSequence *sequence = nullptr;
      info.is_encapsulated =
          pixels->getEncapsulatedRepresentation(syntax, parameter, sequence).good() && sequence != nullptr;
    }
    info.length = info.is_encapsulated ? 0 : object->getLength();
    return info;
  });
}

bool cdcmtk_element_read(cdcmtk_element *element, uint32_t offset, uint32_t length, void *destination,
                         cdcmtk_error *error) noexcept {
  return guarded(error, [&] {
    DcmElement *object = unwrap(element);
    if (sequence_of(object) != nullptr) return fail(error, CDCMTK_STATUS_ARGUMENT, "a sequence has no value");
    return read_value(object, offset, length, destination, nullptr, error);
  });
}

cdcmtk_item *cdcmtk_element_next_item(cdcmtk_element *element, cdcmtk_item *previous) noexcept {
  return guarded_value(static_cast<cdcmtk_item *>(nullptr), [&]() -> cdcmtk_item * {
    DcmSequenceOfItems *sequence = sequence_of(unwrap(element));
    if (sequence == nullptr) return nullptr;
    return wrap(static_cast<DcmItem *>(sequence->nextInContainer(unwrap(previous))));
  });
}

bool cdcmtk_file_read_pixels(cdcmtk_file *file, uint32_t offset, uint32_t length, void *destination,
                             cdcmtk_error *error) noexcept {
  return guarded(error, [&] {
    if (file->pixels == nullptr) return fail(error, CDCMTK_STATUS_ARGUMENT, "no Pixel Data");
    return read_value(file->pixels, offset, length, destination, &file->cache, error);
  });
}

// Compressed frames

uint32_t cdcmtk_file_fragment_count(cdcmtk_file *file) noexcept {
  return static_cast<uint32_t>(file->fragments.size());
}

uint32_t cdcmtk_file_fragment_length(cdcmtk_file *file, uint32_t index) noexcept {
  return guarded_value(uint32_t{0}, [&]() -> uint32_t {
    return index < file->fragments.size() ? file->fragments[index]->getLength() : 0;
  });
}

bool cdcmtk_file_fragment_read(cdcmtk_file *file, uint32_t index, uint32_t offset, uint32_t length, void *destination,
                               cdcmtk_error *error) noexcept {
  return guarded(error, [&] {
    if (index >= file->fragments.size()) return fail(error, CDCMTK_STATUS_ARGUMENT, "no such fragment");
    return read_value(file->fragments[index], offset, length, destination, &file->cache, error);
  });
}
