// Lossless JPEG 2000 code streams into memory, through OpenJPEG.

#include "boundary.hpp"

#include <openjpeg-2.5/openjpeg.h>

#include <algorithm>
#include <cstring>

using namespace cdcmtk;

namespace {

/// Bytes written so far; OpenJPEG goes back to put lengths right.
struct MemoryOutput {
  std::vector<uint8_t> bytes;
  size_t position = 0;
};

OPJ_SIZE_T write_memory(void *buffer, OPJ_SIZE_T count, void *context) {
  auto &output = *static_cast<MemoryOutput *>(context);
  try {
    if (output.position + count > output.bytes.size()) output.bytes.resize(output.position + count);
  } catch (...) {
    return static_cast<OPJ_SIZE_T>(-1);
  }
  std::memcpy(output.bytes.data() + output.position, buffer, count);
  output.position += count;
  return count;
}

OPJ_BOOL seek_output(OPJ_OFF_T position, void *context) {
  auto &output = *static_cast<MemoryOutput *>(context);
  if (position < 0 || static_cast<uint64_t>(position) > output.bytes.size()) return OPJ_FALSE;
  output.position = static_cast<size_t>(position);
  return OPJ_TRUE;
}

OPJ_OFF_T skip_output(OPJ_OFF_T count, void *context) {
  auto &output = *static_cast<MemoryOutput *>(context);
  return seek_output(static_cast<OPJ_OFF_T>(output.position) + count, context) ? count : -1;
}

void drop(const char *, void *) {}

/// The sample at `index` of all samples, with its sign.
OPJ_INT32 sample(const uint8_t *bytes, size_t index, const cdcmtk_frame_format &format, bool is_signed) {
  if (format.bits_allocated == 8) return is_signed ? OPJ_INT32(int8_t(bytes[index])) : OPJ_INT32(bytes[index]);
  uint16_t word;
  std::memcpy(&word, bytes + 2 * index, 2);
  return is_signed ? OPJ_INT32(int16_t(word)) : OPJ_INT32(word);
}

} // namespace

cdcmtk_buffer *cdcmtk_jpeg2000_encode(const uint8_t *bytes, size_t length, cdcmtk_frame_format format, bool is_signed,
                                      bool transforms_colour, cdcmtk_error *error) noexcept {
  return guarded(error, [&]() -> cdcmtk_buffer * {
    const size_t pixels = size_t{format.rows} * format.columns;
    const bool fits = (format.bits_allocated == 8 || format.bits_allocated == 16) &&
                      (format.samples == 1 || format.samples == 3) && format.bits_stored >= 1 &&
                      format.bits_stored <= format.bits_allocated && pixels > 0 &&
                      length == pixels * format.samples * (format.bits_allocated / 8);
    if (!fits) {
      fail(error, CDCMTK_STATUS_ARGUMENT, "the samples do not fill the frame");
      return nullptr;
    }
    opj_image_cmptparm_t components[3] = {};
    for (auto &component : components) {
      component.dx = component.dy = 1;
      component.w = format.columns;
      component.h = format.rows;
      component.prec = format.bits_stored;
      component.sgnd = is_signed ? 1 : 0;
    }
    const auto space = format.samples == 3 ? OPJ_CLRSPC_SRGB : OPJ_CLRSPC_GRAY;
    std::unique_ptr<opj_image_t, decltype(&opj_image_destroy)> image(
        opj_image_create(format.samples, components, space), &opj_image_destroy);
    if (!image) throw std::bad_alloc();
    image->x1 = format.columns;
    image->y1 = format.rows;
    for (uint16_t index = 0; index < format.samples; ++index)
      for (size_t pixel = 0; pixel < pixels; ++pixel)
        image->comps[index].data[pixel] = sample(bytes, pixel * format.samples + index, format, is_signed);

    opj_cparameters_t parameters;
    opj_set_default_encoder_parameters(&parameters);
    parameters.irreversible = 0;
    parameters.tcp_numlayers = 1;
    parameters.tcp_rates[0] = 0;
    parameters.cp_disto_alloc = 1;
    parameters.tcp_mct = transforms_colour && format.samples == 3 ? 1 : 0;
    // Small frames cannot be halved five times.
    const auto side = std::min(format.rows, format.columns);
    while (parameters.numresolution > 1 && (side >> (parameters.numresolution - 1)) == 0) --parameters.numresolution;
    std::unique_ptr<opj_codec_t, decltype(&opj_destroy_codec)> codec(opj_create_compress(OPJ_CODEC_J2K),
                                                                     &opj_destroy_codec);
    std::unique_ptr<opj_stream_t, decltype(&opj_stream_destroy)> stream(
        opj_stream_create(OPJ_J2K_STREAM_CHUNK_SIZE, OPJ_FALSE), &opj_stream_destroy);
    if (!codec || !stream) throw std::bad_alloc();
    opj_set_info_handler(codec.get(), drop, nullptr);
    opj_set_warning_handler(codec.get(), drop, nullptr);
    opj_set_error_handler(codec.get(), drop, nullptr);
    MemoryOutput output;
    opj_stream_set_user_data(stream.get(), &output, nullptr);
    opj_stream_set_write_function(stream.get(), write_memory);
    opj_stream_set_seek_function(stream.get(), seek_output);
    opj_stream_set_skip_function(stream.get(), skip_output);
    if (!opj_setup_encoder(codec.get(), &parameters, image.get()) ||
        !opj_start_compress(codec.get(), image.get(), stream.get()) || !opj_encode(codec.get(), stream.get()) ||
        !opj_end_compress(codec.get(), stream.get())) {
      fail(error, CDCMTK_STATUS_CODING, "OpenJPEG does not encode this frame");
      return nullptr;
    }
    stream.reset();
    auto buffer = std::make_unique<cdcmtk_buffer>();
    buffer->bytes = std::move(output.bytes);
    return buffer.release();
  });
}
