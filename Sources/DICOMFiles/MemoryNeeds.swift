internal import DICOMCore

// How much memory reading takes, told before it is taken. The figures err upwards; a child is held to them by its limit of
// address space, so that a file for which they are too low costs itself alone.

extension PreScan {
  /// Bytes for parsing the object and making a header of it.
  ///
  /// A data element takes DCMTK some 300 bytes and its value in Swift and on the way to the parent about as much. Values
  /// are held three times at once; a brief header leaves long ones on disk, a deflated file has none there.
  func memoryForParsing(_ extent: ReadingExtent) -> Int {
    let longest = extent.isBrief ? elementCount * Int(ReadingExtent.briefLimit) : Int.max
    return elementCount * 1024 + 3 * min(headerBytes, longest) + inflatedBytes
  }
}

/// Where the stored values of a frame are to be had.
enum FramePlace {
  /// In the file as they are, but for unused bits.
  case file(ImageFormat, Range<Int>)
  /// Only from the decoders: so many bytes of values, for which so many bytes of heap are needed.
  case coded(bytes: Int, heap: Int)
}

extension FrameDecoder {
  /// Bytes of heap for decoding `length` bytes of code stream: the code stream, the values, and what decoders and the
  /// order of bytes take besides.
  func memory(forCodeStream length: Int) -> Int {
    let (frame, samples) = (format.frameBytes, format.sampleCount)
    let decoding =
      switch encoding {
      case .encapsulatedUncompressed, .deflatedFrame, .rle: 2 * frame
      // The code stream is copied once, and bits may have to be brought into order.
      case .jpeg: length + 2 * frame
      case .jpegLS: length + 3 * frame
      // OpenJPEG has 32 bits a sample, in tiles and in the whole image.
      case .jpeg2000: 8 * samples + frame
      case .native, .unsupported: frame
      }
    return length + decoding + (2 << 20)
  }
}
