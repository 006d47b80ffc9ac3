// Feeds the shims with files, or lets libFuzzer do so; `BUCKY_SHIM` says which: dicom, png or text.

#include "targets.hpp"

#include <csetjmp>
#include <cstring>
#include <fstream>
#include <iterator>
#include <vector>

#include "CDCMTK.h"

Tally tally;

namespace {

using Target = void (*)(const uint8_t *, size_t);

Target chosen() {
  const char *name = std::getenv("BUCKY_SHIM");
  if (name != nullptr && std::strcmp(name, "dicom") == 0) return run_dicom;
  if (name != nullptr && std::strcmp(name, "png") == 0) return run_png;
  if (name != nullptr && std::strcmp(name, "text") == 0) return run_text;
  std::fprintf(stderr, "shims: set BUCKY_SHIM to dicom, png or text\n");
  std::exit(64);
}

std::jmp_buf assertion;
bool is_running = false;

} // namespace

/// In place of the C library's: OpenJPEG and CharLS are built with assertions that damaged code streams fail. Each costs a
/// decoder child in use, and none tells of memory; here the input is given up, and said.
extern "C" [[noreturn]] void __assert_fail(const char *text, const char *file, unsigned line, const char *) noexcept {
  std::fprintf(stderr, "assertion of a library: %s:%u: %s\n", file, line, text);
  const bool is_known = std::strstr(file, "libcharls") != nullptr || std::strstr(file, "openjp2") != nullptr;
  if (!is_running || !is_known) std::abort();
  std::longjmp(assertion, 1);
}

extern "C" int LLVMFuzzerInitialize(int *, char ***) {
  cdcmtk_prepare();
  if (chosen() == run_dicom) {
    check_writing();
    check_sandbox();
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  static const Target target = chosen();
  // An input that was given up leaks what the library held: it does not go into the corpus.
  if (setjmp(assertion) != 0) return -1;
  is_running = true;
  target(bytes, size);
  is_running = false;
  return 0;
}

#ifdef WITHOUT_FUZZER
int main(int count, char **arguments) {
  LLVMFuzzerInitialize(&count, &arguments);
  tally = Tally();
  for (int index = 1; index < count; ++index) {
    std::ifstream file(arguments[index], std::ios::binary);
    const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size());
  }
  std::printf("%d inputs, %zu DICOM files read, %zu compressed frames decoded\n", count - 1, tally.files_read,
              tally.frames_decoded);
  return 0;
}
#endif
