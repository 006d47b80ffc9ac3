internal import DICOMCore

/// Comments, application data, unused tables and trailing bytes in code streams.
extension CorpusBuilder {
  private static let patient = CorpusPatient(
    number: 6, name: "Featherstonehaugh^Basil", id: "FB-6601-33", birthDate: "19830527", studyDate: "20220413")

  mutating func addCodeStreams() throws {
    try add("jpeg", .sc, bits: 8, .jpegBaseline8Bit) { builder, stream in
      let quantization = [3] + builder.text("unused DQT", 64)
      let huffman = [0x13, 0, 0, 8] + [UInt8](repeating: 0, count: 13) + builder.text("unused DHT", 8)
      return builder.withSegments(
        stream,
        [
          (0xFE, builder.text("COM", 16)), (0xE1, Array("Exif\0\0".utf8) + builder.text("APP1", 24)),
          (0xE0, Array("JFIF\0".utf8) + [1, 2, 0, 0, 1, 0, 1, 2, 2] + builder.text("APP0 thumbnail", 12)),
          (0xED, Array("Photoshop 3.0\0".utf8) + builder.text("APP13", 16)), (0xDB, quantization), (0xC4, huffman),
        ]) + builder.text("behind EOI", 16)
    }
    for (name, kind, syntax) in [
      ("jpeg-lossless", ObjectKind.cr, UID.jpegLosslessSV1), ("jpeg-ls", .mr, .jpegLSLossless),
    ] {
      try add(name, kind, bits: 12, syntax) { builder, stream in
        builder.withSegments(stream, [(0xFE, builder.text("COM", 16)), (0xE5, builder.text("APP5", 16))])
          + builder.text("behind EOI", 16)
      }
    }
    try add("jpeg-2000", .cr, bits: 12, .jpeg2000Lossless) { builder, stream in
      // Behind SIZ, the first segment.
      let end = 4 + Int(stream[4]) << 8 + Int(stream[5])
      let comment = [0, 1] + builder.text("COM", 16)
      return stream[..<end] + [0xFF, 0x64, 0, UInt8(comment.count + 2)] + comment + stream[end...]
        + builder.text("behind EOC", 16)
    }
    try add("rle", .ct, bits: 12, .rleLossless) { builder, stream in
      var header = stream
      header.replaceSubrange(12..<28, with: builder.text("unused RLE offsets", 16))
      return header + builder.text("behind the segments", 16)
    }
    try add("offset-table", .ct, bits: 12, .rleLossless, table: 16) { _, stream in stream }
  }

  private mutating func add(
    _ name: String, _ kind: ObjectKind, bits: Int, _ syntax: UID, table: Int = 0,
    _ change: (inout CorpusBuilder, [UInt8]) -> [UInt8]
  ) throws {
    var object = object("streams/\(name).dcm", kind, of: Self.patient)
    try setFrames([TextPicture(seed: files.count).samples(bits: bits)], bits: bits, .monochrome2, syntax, in: &object)
    guard case .fragments(let streams, _)? = object.elements[0x7FE0_0010]?.value else { return }
    let changed = streams.map { change(&self, $0) }
    object.set(fragments: changed, table: table > 0 ? text("Basic Offset Table", table) : [])
    if table > 0 {
      object.set(0x7FE0_0001, "OV", bytes: text("(7FE0,0001)", 8))
      object.set(0x7FE0_0002, "OV", bytes: text("(7FE0,0002)", 8))
    }
    add(object, kind, Draft.Envelope(transferSyntax: syntax))
  }

  /// `length` bytes that begin with a marker.
  private mutating func text(_ place: String, _ length: Int) -> [UInt8] {
    let word = Array(planted("code stream: " + place, .codestream).utf8)
    return Array((0..<(length + 7) / 8).flatMap { _ in word }.prefix(length))
  }

  /// Segments of a JPEG behind the start marker.
  private func withSegments(_ stream: [UInt8], _ segments: [(UInt8, [UInt8])]) -> [UInt8] {
    var added: [UInt8] = []
    for (marker, content) in segments {
      added += [0xFF, marker, UInt8((content.count + 2) >> 8), UInt8((content.count + 2) & 0xFF)] + content
    }
    return stream[..<2] + added + stream[2...]
  }
}
