#include "targets.hpp"

#include "CDCMTK.h"
#include "CFreeType.h"
#include "CPNG.h"
#include "CSentencePiece.h"

extern "C" {
#include "CSandbox.h"
}

#include <fstream>
#include <iterator>
#include <vector>

#include <fcntl.h>

void run_png(const uint8_t *bytes, size_t size) {
  GuardedBuffer png(bytes, size);
  cpng_error error;
  cpng_format format;
  uint8_t *samples = nullptr, *again = nullptr;
  size_t length = 0, again_length = 0;
  if (cpng_decode(png.data(), size, size_t{1} << 24, &format, &samples, &length, &error) != 0) {
    require(samples == nullptr && error.text[0] != '\0', "refused without a reason");
    return;
  }
  GuardedBuffer copy(samples, length);
  cpng_free(samples);
  require(cpng_encode(copy.data(), length, format, &again, &again_length, &error) == 0, "decoded, but not encoded");
  cpng_free(again);
  require(cpng_encode(copy.data(), length / 2, format, &again, &again_length, &error) != 0, "encoded what is not there");
}

namespace {

/// Draws at places that lie inside the plane, across its edges and outside.
void draw(const std::vector<uint32_t> &scalars) {
  static cfreetype_face *const face = [] {
    cfreetype_error error;
    const char *font = std::getenv("BUCKY_SHIM_FONT");
    cfreetype_face *opened = cfreetype_open(font == nullptr ? "" : font, 13, &error);
    require(opened != nullptr, error.text);
    return opened;
  }();
  GuardedBuffer plane(120 * 20);
  const size_t count = scalars.size() < 256 ? scalars.size() : 256;
  cfreetype_measure(face, scalars.data(), count);
  for (const auto &[x, baseline] : {std::pair<int, int>{0, 15}, {-40, 3}, {110, 19}, {0, -5}, {500, 500}})
    cfreetype_draw(face, scalars.data(), count, plane.data(), 120, 20, x, baseline);
}

void split(const char *text, size_t count) {
  static csp_model *const model = [] {
    csp_error error;
    csp_model *loaded = nullptr;
    const char *path = std::getenv("BUCKY_SHIM_TOKENIZER");
    std::ifstream file(path == nullptr ? "" : path, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    require(csp_model_create(bytes.data(), bytes.size(), &loaded, &error) == CSP_OK, "the tokenizer cannot be read");
    // Models that are none.
    csp_model *none = nullptr;
    for (const size_t length : {size_t{0}, size_t{5}, bytes.size() / 2, bytes.size() - 1})
      if (csp_model_create(bytes.data(), length, &none, &error) == CSP_OK) csp_model_free(none);
    return loaded;
  }();
  csp_error error;
  size_t needed = 0;
  int32_t one = 0;
  const csp_status status = csp_model_encode(model, text, count, &one, 1, &needed, &error);
  if (status != CSP_BUFFER_TOO_SMALL) return;
  std::vector<int32_t> ids(needed);
  require(csp_model_encode(model, text, count, ids.data(), needed, &needed, &error) == CSP_OK, "split two ways");
  for (const int32_t id : ids) require(id >= 0 && id < csp_model_piece_count(model), "a piece that does not exist");
  csp_model_piece_id(model, text, count < 16 ? count : 16);
}

} // namespace

void run_text(const uint8_t *bytes, size_t size) {
  std::vector<uint32_t> scalars;
  for (size_t index = 0; index + 2 < size; index += 3)
    scalars.push_back(uint32_t(bytes[index]) | uint32_t(bytes[index + 1]) << 8 | uint32_t(bytes[index + 2] & 0x1F) << 16);
  draw(scalars);
  GuardedBuffer text(bytes, size);
  split(reinterpret_cast<const char *>(text.data()), size);
  for (const char *encoding : {"ISO-8859-1", "ISO-8859-5", "TIS-620", "EUC-JP", "EUC-KR", "GB2312", "GB18030", "GBK", "none"}) {
    cdcmtk_error error;
    cdcmtk_buffer_free(cdcmtk_text_to_utf8(encoding, text.data(), size, &error));
  }
}

void check_sandbox() {
  int parent = -1, child = -1, memory = -1, passed = -1;
  require(csandbox_channel_create(&parent, &child) == 0, "no channel");
  GuardedBuffer message(40), arrived(41);
  size_t length = 0;
  require(csandbox_send(parent, message.data(), 40, parent) == 0, "not sent");
  require(csandbox_receive(child, arrived.data(), 41, &length, &passed, 1000) == 0 && length == 40 && passed >= 0,
          "not received");
  ::close(passed);
  // A descriptor that nobody wants, a message that is too long, and none at all.
  require(csandbox_send(parent, message.data(), 40, parent) == 0, "not sent");
  csandbox_receive(child, arrived.data(), 41, &length, nullptr, 1000);
  require(csandbox_send(parent, message.data(), 40, -1) == 0, "not sent");
  require(csandbox_receive(child, arrived.data(), 39, &length, nullptr, 1000) != 0, "received too much");
  require(csandbox_receive(child, arrived.data(), 41, &length, nullptr, 1) != 0, "received nothing");

  require(csandbox_memory_create(1 << 20, &memory) == 0, "no memory");
  void *address = nullptr;
  require(csandbox_memory_map(memory, 1 << 20, &address) == 0, "not mapped");
  std::memset(address, 7, 1 << 20);
  GuardedBuffer copy(1 << 20);
  require(csandbox_memory_read(memory, 0, copy.data(), copy.size()) == 0 && copy.data()[copy.size() - 1] == 7, "not read");
  require(csandbox_memory_read(memory, 1, copy.data(), copy.size()) != 0, "read past the end");
  require(csandbox_memory_release(memory, 1 << 20) == 0 && *static_cast<uint8_t *>(address) == 0, "not released");
  ::munmap(address, 1 << 20);

  pid_t process = -1;
  require(csandbox_spawn("/bin/true", "argument", child, memory, &process) == 0, "not started");
  const csandbox_end end = csandbox_reap(process, 5000);
  require(end.signal == 0 && end.status == 0, "ended otherwise");
#ifndef WITHOUT_FUZZER
  // Memcheck makes a fork of the vfork that brings the reason back.
  require(csandbox_spawn("/nowhere", "argument", child, memory, &process) != 0, "started nothing");
#endif
  require(std::strcmp(csandbox_signal_name(11), "SIGSEGV") == 0 && csandbox_signal_name(4711) != nullptr, "no name");
  for (const int descriptor : {parent, child, memory}) ::close(descriptor);
}
