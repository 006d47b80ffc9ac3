// JPEG 2000 and High-Throughput JPEG 2000 code streams from memory, through OpenJPEG.

#include "boundary.hpp"
#include "jpeg2000_stream.hpp"

#include <algorithm>
#include <string>

using namespace cdcmtk;

namespace {

using Codec = std::unique_ptr<opj_codec_t, decltype(&opj_destroy_codec)>;
using Stream = std::unique_ptr<opj_stream_t, decltype(&opj_stream_destroy)>;

struct ImageDeleter {
  void operator()(opj_image_t *image) const { opj_image_destroy(image); }
};

/// Keeps the first message: what follows it are its consequences.
void keep_first(const char *message, void *context) {
  auto &text = *static_cast<std::string *>(context);
  if (!text.empty() || message == nullptr) return;
  text = message;
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
}

void drop(const char *, void *) {}

/// Whether a component can be laid over the frame: chrominance may have half the lines or columns.
bool covers(const opj_image_comp_t &component, const cdcmtk_frame_format &format) {
  const auto reaches = [](uint64_t samples, uint64_t step, uint64_t extent) {
    return (step == 1 || step == 2) && samples == (extent + step - 1) / step;
  };
  return reaches(component.w, component.dx, format.columns) && reaches(component.h, component.dy, format.rows) &&
         component.prec >= 1 && component.prec <= format.bits_allocated;
}

/// Writes one component into interleaved samples of type `Sample`; the low bits of a negative value are its two's
/// complement, which is what the container holds.
template <typename Sample>
void interleave(const opj_image_comp_t &component, const cdcmtk_frame_format &format, Sample *destination) {
  const size_t step = format.samples;
  for (uint32_t row = 0; row < format.rows; ++row) {
    const OPJ_INT32 *source = component.data + size_t{component.w} * (row / component.dy);
    Sample *line = destination + size_t{format.columns} * row * step;
    if (component.dx == 1)
      for (uint32_t column = 0; column < format.columns; ++column) line[column * step] = Sample(source[column]);
    else
      for (uint32_t column = 0; column < format.columns; ++column) line[column * step] = Sample(source[column / 2]);
  }
}

void interleave(const opj_image_t &image, const cdcmtk_frame_format &format, void *destination) {
  for (uint16_t index = 0; index < format.samples; ++index) {
    const opj_image_comp_t &component = image.comps[index];
    switch (format.bits_allocated) {
    case 8: interleave(component, format, static_cast<uint8_t *>(destination) + index); break;
    case 16: interleave(component, format, static_cast<uint16_t *>(destination) + index); break;
    default: interleave(component, format, static_cast<uint32_t *>(destination) + index); break;
    }
  }
}

} // namespace

const char *cdcmtk_openjpeg_version(void) noexcept { return opj_version(); }

bool cdcmtk_jpeg2000_decode(const uint8_t *bytes, size_t length, cdcmtk_frame_format format, void *destination,
                            size_t size, cdcmtk_error *error) noexcept {
  return guarded(error, [&] {
    const size_t width = format.bits_allocated / 8;
    if ((width != 1 && width != 2 && width != 4) || size < width * format.samples * format.rows * format.columns)
      return fail(error, CDCMTK_STATUS_ARGUMENT, "the buffer is shorter than the frame");
    std::string message;
    const auto failed = [&](const char *otherwise) {
      return fail(error, CDCMTK_STATUS_CODING, message.empty() ? otherwise : message.c_str());
    };
    MemoryInput input{bytes, length, 0};
    const Stream stream(open_stream(input), &opj_stream_destroy);
    const Codec codec(opj_create_decompress(OPJ_CODEC_J2K), &opj_destroy_codec);
    if (stream == nullptr || codec == nullptr) return fail(error, CDCMTK_STATUS_NO_MEMORY, "out of memory");
    opj_set_error_handler(codec.get(), keep_first, &message);
    opj_set_warning_handler(codec.get(), drop, nullptr);
    opj_set_info_handler(codec.get(), drop, nullptr);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    // Strict: a code stream cut short is an error, not a grey area in the image.
    if (!opj_setup_decoder(codec.get(), &parameters) || !opj_decoder_set_strict_mode(codec.get(), OPJ_TRUE))
      return failed("the decoder cannot be set up");

    opj_image_t *header = nullptr;
    const bool has_header = opj_read_header(stream.get(), codec.get(), &header);
    const std::unique_ptr<opj_image_t, ImageDeleter> image(header);
    if (!has_header || image == nullptr) return failed("the header cannot be read");
    // The same check comes before and after decoding: before, so that nothing large is allocated in vain.
    const auto fits = [&] {
      return image->numcomps == format.samples && std::all_of(image->comps, image->comps + image->numcomps,
                                                              [&](const auto &part) { return covers(part, format); });
    };
    if (!fits()) return failed("the code stream has another size than the frame");
    if (!opj_decode(codec.get(), stream.get(), image.get()) || !opj_end_decompress(codec.get(), stream.get()))
      return failed("the code stream is damaged");
    const bool is_whole = std::all_of(image->comps, image->comps + image->numcomps,
                                      [](const auto &part) { return part.data != nullptr; });
    if (!fits() || !is_whole) return failed("the code stream holds no image");
    interleave(*image, format, destination);
    return true;
  });
}
