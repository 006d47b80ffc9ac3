#include "targets.hpp"

#include "CDCMTK.h"

#include <algorithm>
#include <vector>

namespace {

constexpr cdcmtk_limits limits{1 << 20, 64 << 20};
/// Of a value that is read, of a frame that is decoded, and how many of those.
constexpr uint32_t longest_value = 1 << 20;
constexpr size_t largest_frame = 64 << 20;
constexpr uint32_t most_frames = 4;

struct File {
  explicit File(cdcmtk_file *file) : pointer(file) {}
  ~File() { cdcmtk_file_free(pointer); }
  File(const File &) = delete;
  File &operator=(const File &) = delete;
  cdcmtk_file *pointer;
};

/// Every element, the items of sequences too, and every value in two parts.
void walk(cdcmtk_item *item, int depth) {
  cdcmtk_error error;
  for (cdcmtk_element *element = cdcmtk_item_next(item, nullptr); element != nullptr;
       element = cdcmtk_item_next(item, element)) {
    const cdcmtk_element_info info = cdcmtk_element_describe(element);
    require(info.vr[2] == '\0', "a VR without an end");
    if (depth < 70)
      for (cdcmtk_item *child = cdcmtk_element_next_item(element, nullptr); child != nullptr;
           child = cdcmtk_element_next_item(element, child))
        walk(child, depth + 1);
    if (info.is_sequence || info.is_encapsulated) continue;
    const uint32_t length = std::min(info.length, longest_value);
    GuardedBuffer value(length);
    cdcmtk_element_read(element, 0, length / 2, value.data(), &error);
    cdcmtk_element_read(element, length / 2, length - length / 2, value.data() + length / 2, &error);
    // A part that begins or ends beyond the value is refused.
    require(!cdcmtk_element_read(element, info.length, 1, value.data(), &error), "read past a value");
  }
}

uint16_t number(cdcmtk_item *item, uint16_t group, uint16_t element, uint16_t otherwise) {
  cdcmtk_error error;
  cdcmtk_element *found = cdcmtk_item_find(item, group, element);
  uint16_t value = 0;
  return found != nullptr && cdcmtk_element_read(found, 0, sizeof value, &value, &error) ? value : otherwise;
}

bool is_one_of(const std::string &syntax, std::initializer_list<const char *> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](const char *end) { return syntax == std::string("1.2.840.10008.1.2.") + end; });
}

/// The Transfer Syntax UID of the meta information, as DCMTK does not know all.
std::string stated_syntax(cdcmtk_file *file) {
  cdcmtk_error error;
  cdcmtk_element *element = cdcmtk_item_find(cdcmtk_file_meta(file), 0x0002, 0x0010);
  if (element == nullptr) return cdcmtk_file_transfer_syntax(file);
  std::string uid(std::min<uint32_t>(cdcmtk_element_describe(element).length, 64), '\0');
  if (!cdcmtk_element_read(element, 0, static_cast<uint32_t>(uid.size()), uid.data(), &error)) uid.clear();
  while (!uid.empty() && (uid.back() == '\0' || uid.back() == ' ')) uid.pop_back();
  return uid;
}

/// Whether a code stream starts here: SOI, SOC, or the signature of a JP2 file.
bool is_start(const std::vector<uint8_t> &bytes) {
  const auto starts_with = [&](std::initializer_list<uint8_t> start) {
    return bytes.size() >= start.size() && std::equal(start.begin(), start.end(), bytes.begin());
  };
  return starts_with({0xFF, 0xD8, 0xFF}) || starts_with({0xFF, 0x4F, 0xFF, 0x51}) || starts_with({0, 0, 0, 12, 0x6A, 0x50});
}

void decode(const std::vector<uint8_t> &bytes, const std::string &syntax, cdcmtk_frame_format format) {
  cdcmtk_error error;
  const size_t size = size_t{1} * format.rows * format.columns * format.samples * format.bits_allocated / 8;
  if (bytes.empty() || size == 0 || size > largest_frame || format.samples > 3) return;
  GuardedBuffer stream(bytes.data(), bytes.size());
  GuardedBuffer frame((size + 1) & ~size_t{1});
  if (is_one_of(syntax, {"4.90", "4.91", "4.201", "4.202", "4.203"})) {
    tally.frames_decoded += cdcmtk_jpeg2000_decode(stream.data(), stream.size(), format, frame.data(), size, &error);
  } else if (is_one_of(syntax, {"8.1"})) {
    size_t produced = 0;
    tally.frames_decoded +=
        cdcmtk_inflate(stream.data(), stream.size(), frame.data(), frame.size(), &produced, &error);
    require(produced <= frame.size(), "inflated past the end");
  } else if (syntax != "1.2.840.10008.1.2.5") {
    // RLE is decoded in Swift.
    tally.frames_decoded += cdcmtk_code_stream_decode(syntax.c_str(), stream.data(), stream.size(), format, frame.data(),
                                                      static_cast<uint32_t>(frame.size()), &error);
  }
}

/// Fragments, those that start no code stream with the one before, decoded by what the transfer syntax asks for.
void decode_fragments(cdcmtk_file *file, cdcmtk_frame_format format) {
  cdcmtk_error error;
  const std::string syntax = stated_syntax(file);
  std::vector<uint8_t> stream;
  uint32_t frames = 0;
  for (uint32_t index = 0; index < cdcmtk_file_fragment_count(file) && frames < most_frames; ++index) {
    const uint32_t length = cdcmtk_file_fragment_length(file, index);
    if (length > (16u << 20)) break;
    std::vector<uint8_t> fragment(length);
    if (!cdcmtk_file_fragment_read(file, index, 0, length, fragment.data(), &error)) continue;
    if (is_start(fragment) || is_one_of(syntax, {"8.1"})) {
      decode(stream, syntax, format);
      frames += !stream.empty();
      stream.clear();
    }
    // The first is the offset table.
    if (index > 0) stream.insert(stream.end(), fragment.begin(), fragment.end());
  }
  decode(stream, syntax, format);
}

void read_pixels(cdcmtk_file *file, cdcmtk_item *data_set) {
  cdcmtk_error error;
  cdcmtk_element *pixels = cdcmtk_item_find(data_set, 0x7FE0, 0x0010);
  if (pixels == nullptr) return;
  const uint32_t length = std::min(cdcmtk_element_describe(pixels).length, uint32_t{16 << 20});
  constexpr uint32_t block = 1 << 18;
  GuardedBuffer bytes(block);
  for (uint32_t offset = 0; offset < length; offset += block)
    cdcmtk_file_read_pixels(file, offset, std::min(block, length - offset), bytes.data(), &error);
}

void save(cdcmtk_file *file) {
  cdcmtk_error error;
  const std::string syntax = cdcmtk_file_transfer_syntax(file);
  MemoryFile output("output");
  cdcmtk_file_save(file, output.path().c_str(), syntax.c_str(), &error);
}

} // namespace

void run_dicom(const uint8_t *bytes, size_t size) {
  cdcmtk_error error;
  MemoryFile input(bytes, size);
  {
    File head(cdcmtk_file_open_before_pixels(input.descriptor(), limits, &error));
    require(head.pointer != nullptr || error.status != CDCMTK_STATUS_OK, "refused without a reason");
    if (head.pointer != nullptr) walk(cdcmtk_file_data_set(head.pointer), 0);
  }
  File file(cdcmtk_file_open(input.descriptor(), limits, &error));
  require(file.pointer != nullptr || error.status != CDCMTK_STATUS_OK, "refused without a reason");
  if (file.pointer == nullptr) return;
  ++tally.files_read;
  cdcmtk_item *data_set = cdcmtk_file_data_set(file.pointer);
  walk(cdcmtk_file_meta(file.pointer), 0);
  walk(data_set, 0);
  const cdcmtk_frame_format format{
      number(data_set, 0x0028, 0x0010, 0), number(data_set, 0x0028, 0x0011, 0), number(data_set, 0x0028, 0x0002, 1),
      number(data_set, 0x0028, 0x0100, 8), number(data_set, 0x0028, 0x0101, 8),
  };
  decode_fragments(file.pointer, format);
  read_pixels(file.pointer, data_set);
  save(file.pointer);
}
