#include "targets.hpp"

#include "CDCMTK.h"

#include <utility>
#include <vector>

namespace {

void put(cdcmtk_item *item, uint16_t group, uint16_t element, const char *vr, const std::string &text) {
  cdcmtk_error error;
  require(cdcmtk_item_put(item, group, element, vr, text.data(), text.size(), &error), error.text);
}

void put(cdcmtk_item *item, uint16_t element, uint16_t number) {
  cdcmtk_error error;
  require(cdcmtk_item_put(item, 0x0028, element, "US", &number, sizeof number, &error), error.text);
}

/// A grey image of 31 × 33 samples with a sequence, a value of every kind and no pixels yet.
void fill(cdcmtk_item *item, uint16_t bits) {
  cdcmtk_error error;
  put(item, 0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.7");
  put(item, 0x0008, 0x0018, "UI", "1.2.3.4");
  put(item, 0x0010, 0x0010, "PN", "Phantom^One");
  cdcmtk_element *sequence = cdcmtk_item_put_sequence(item, 0x0008, 0x2218, &error);
  require(sequence != nullptr, error.text);
  for (int count = 0; count < 2; ++count) {
    cdcmtk_item *part = cdcmtk_element_append_item(sequence, &error);
    require(part != nullptr, error.text);
    put(part, 0x0008, 0x0100, "SH", "T-D1100");
  }
  // Binary values of lengths that do and do not fit their type.
  const GuardedBuffer numbers(24);
  GuardedBuffer source(24);
  for (const char *vr : {"OB", "OW", "OL", "OV", "OF", "OD", "UN", "US", "SS", "UL", "SL", "UV", "SV", "FL", "FD", "AT"})
    for (const size_t length : {0u, 8u, 24u, 3u})
      cdcmtk_item_put(item, 0x0009, 0x1001, vr, source.data() + source.size() - length, length, &error);
  require(!cdcmtk_item_put(item, 0x0009, 0x1001, "SQ", source.data(), 8, &error), "a sequence took a value");
  require(!cdcmtk_item_put(item, 0x0009, 0x1001, "??", source.data(), 8, &error), "a VR that does not exist");
  put(item, 0x0028, 0x0004, "CS", "MONOCHROME2");
  for (const auto &[element, number] : std::initializer_list<std::pair<uint16_t, uint16_t>>{
           {0x0002, 1}, {0x0010, 31}, {0x0011, 33}, {0x0100, bits}, {0x0101, bits}, {0x0102, uint16_t(bits - 1)}, {0x0103, 0}})
    put(item, element, number);
}

void write_and_read(cdcmtk_file *file, const char *syntax) {
  cdcmtk_error error;
  MemoryFile output("output");
  require(cdcmtk_file_save(file, output.path().c_str(), syntax, &error), error.text);
  const off_t size = ::lseek(output.descriptor(), 0, SEEK_END);
  std::vector<uint8_t> bytes(static_cast<size_t>(size));
  require(::pread(output.descriptor(), bytes.data(), bytes.size(), 0) == size, "what was written cannot be read");
  run_dicom(bytes.data(), bytes.size());
}

void write_native(const char *syntax, uint16_t bits, const char *encoding) {
  cdcmtk_error error;
  cdcmtk_file *file = cdcmtk_file_create(&error);
  require(file != nullptr, error.text);
  fill(cdcmtk_file_data_set(file), bits);
  put(cdcmtk_file_meta(file), 0x0002, 0x0010, "UI", encoding == nullptr ? syntax : encoding);
  // 1023 samples: the odd number wants a byte of padding that is not there.
  GuardedBuffer pixels(31 * 33 * bits / 8);
  for (size_t index = 0; index < pixels.size(); ++index) pixels.data()[index] = uint8_t(index * 7);
  require(cdcmtk_file_put_pixels(file, bits > 8, pixels.data(), pixels.size(), &error), error.text);
  require(!cdcmtk_file_put_pixels(file, true, pixels.data(), 3, &error), "words of three bytes");
  if (encoding != nullptr) require(cdcmtk_file_encode(file, encoding, &error), error.text);
  write_and_read(file, encoding == nullptr ? syntax : encoding);
  cdcmtk_file_free(file);
}

void write_jpeg() {
  cdcmtk_error error;
  cdcmtk_file *file = cdcmtk_file_create(&error);
  require(file != nullptr, error.text);
  fill(cdcmtk_file_data_set(file), 8);
  put(cdcmtk_file_meta(file), 0x0002, 0x0010, "UI", "1.2.840.10008.1.2.4.50");
  GuardedBuffer frame(31 * 33 * 3);
  for (size_t index = 0; index < frame.size(); ++index) frame.data()[index] = uint8_t(index);
  cdcmtk_buffer *streams[2] = {
      cdcmtk_jpeg_baseline_encode(frame.data(), 31 * 33, 31, 33, 1, 90, &error),
      cdcmtk_jpeg_baseline_encode(frame.data(), frame.size(), 31, 33, 3, 50, &error),
  };
  require(streams[0] != nullptr && streams[1] != nullptr, error.text);
  require(cdcmtk_jpeg_baseline_encode(frame.data(), 7, 31, 33, 1, 90, &error) == nullptr, "encoded what is not there");
  require(cdcmtk_file_put_fragments(file, "1.2.840.10008.1.2.4.50", streams, 2, &error), error.text);
  write_and_read(file, "1.2.840.10008.1.2.4.50");
  for (cdcmtk_buffer *stream : streams) cdcmtk_buffer_free(stream);
  cdcmtk_file_free(file);
}

} // namespace

void check_writing() {
  const char *explicit_little = "1.2.840.10008.1.2.1";
  for (const uint16_t bits : {8, 16}) {
    for (const char *syntax : {"1.2.840.10008.1.2", explicit_little, "1.2.840.10008.1.2.1.99"})
      write_native(syntax, bits, nullptr);
    for (const char *encoding : {"1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80"})
      write_native(explicit_little, bits, encoding);
  }
  write_jpeg();
}
