internal import DICOMCore
internal import DICOMFiles
internal import Foundation

/// Text in pixels, in every encoding.
extension CorpusBuilder {
  private static let patient = CorpusPatient(
    number: 5, name: "Harkenwell^Isidore", id: "HK-5501-22", birthDate: "19700823", studyDate: "20220413")

  mutating func addPixels() throws {
    try add("native-8", .sc, bits: 8, .explicitVRLittleEndian) {
      [try $0.write("HARKENWELL ISIDORE", column: 130, row: 20, height: 18)]
    }
    try add("native-16", .ct, bits: 12, .explicitVRLittleEndian) {
      [try $0.write("Harkenwell^Isidore", column: 100, row: 16, height: 16)]
    }
    try add("rle", .ct, bits: 12, .rleLossless) { [try $0.write("HK-5501-22", column: 80, row: 230, height: 20)] }
    try add("jpeg", .sc, bits: 8, .jpegBaseline8Bit) { [try $0.write("HARKENWELL", column: 240, row: 18, height: 20)] }
    try add("jpeg-lossless", .cr, bits: 12, .jpegLosslessSV1) {
      [try $0.write("HARKENWELL I 23.08.1970", column: 140, row: 18, height: 16)]
    }
    try add("jpeg-ls", .mr, bits: 12, .jpegLSLossless) {
      [try $0.write("Isidore Harkenwell", column: 100, row: 240, height: 16)]
    }
    try add("jpeg-2000", .cr, bits: 10, .jpeg2000Lossless) {
      [try $0.write("HARKENWELL", column: 90, row: 22, height: 24)]
    }
    try add("monochrome1", .cr, bits: 12, .explicitVRLittleEndian, isInverted: true) {
      [try $0.write("HARKENWELL 1970", column: 110, row: 20, height: 18)]
    }
    try add("rotated-90", .cr, bits: 12, .explicitVRLittleEndian) {
      [try $0.write("HARKENWELL ISIDORE", column: 14, row: 128, height: 16, degrees: 90)]
    }
    try add("rotated-5", .cr, bits: 12, .jpegLSLossless) {
      [try $0.write("HARKENWELL ISIDORE", column: 160, row: 30, height: 18, degrees: 5)]
    }
    try add("low-contrast", .ct, bits: 12, .explicitVRLittleEndian) {
      [try $0.write("HARKENWELL ISIDORE", column: 120, row: 20, height: 18, contrast: 0.09)]
    }
    try add("sizes", .sc, bits: 8, .rleLossless) {
      [
        try $0.write("Harkenwell Isidore 23.08.1970", column: 110, row: 12, height: 10),
        try $0.write("HARKEN", column: 160, row: 220, height: 30),
      ]
    }
    try add("anatomy", .cr, bits: 12, .explicitVRLittleEndian) {
      [
        try $0.write("HARKENWELL", column: 160, row: 120, height: 22),
        try $0.write("HK-5501", column: 282, row: 247, height: 12),
      ]
    }
    try add("dark-letters", .sc, bits: 8, .explicitVRLittleEndian) {
      [try $0.write("ISIDORE H.", column: 170, row: 110, height: 24, contrast: -0.4)]
    }
    try addFrames()
    try addColours()
  }

  /// - Parameter write: Writes the text, which is in the picture of the name `name`, and returns its regions.
  private mutating func add(
    _ name: String, _ kind: ObjectKind, bits: Int, _ syntax: UID, isInverted: Bool = false,
    _ write: (inout TextPicture) throws -> [[Int]]
  ) throws {
    var object = object("pixels/\(name).dcm", kind, of: Self.patient)
    var picture = TextPicture(seed: files.count)
    for region in try write(&picture) { note(pixels: "Harkenwell Isidore", frame: 0, region: region) }
    let photometric = isInverted ? PhotometricInterpretation.monochrome1 : .monochrome2
    try setFrames(
      [picture.samples(bits: bits, isInverted: isInverted)], bits: bits, photometric, syntax, in: &object)
    add(object, kind, Draft.Envelope(transferSyntax: syntax))
  }

  private mutating func addFrames() throws {
    for (name, syntax) in [("one-of-six-rle", UID.rleLossless), ("one-of-six-native", .explicitVRLittleEndian)] {
      var object = object("pixels/\(name).dcm", .multiframeSC, of: Self.patient)
      let frames = try (0..<6).map { index in
        var picture = TextPicture(seed: 60 + index)
        if index == 4 {
          let region = try picture.write("HARKENWELL ISIDORE", column: 160, row: 40, height: 18)
          note(pixels: "Harkenwell Isidore", frame: index, region: region)
        }
        return picture.samples(bits: 8)
      }
      try setFrames(frames, bits: 8, .monochrome2, syntax, in: &object)
      object.set(0x0028_0008, "IS", "6")
      add(object, .multiframeSC, Draft.Envelope(transferSyntax: syntax))
    }
  }

  private mutating func addColours() throws {
    for (name, photometric) in [("rgb", PhotometricInterpretation.rgb), ("palette", .paletteColor)] {
      var object = object("pixels/\(name).dcm", .us, of: Self.patient)
      var picture = TextPicture(seed: files.count)
      note(
        pixels: "Harkenwell Isidore", frame: 0,
        region: try picture.write("HARKENWELL ISIDORE", column: 150, row: 20, height: 18))
      let grey = picture.samples(bits: 8)
      let samples = photometric == .rgb ? grey.flatMap { [$0, $0, UInt8(Int($0) * 3 / 4)] } : grey
      try setFrames([samples], bits: 8, photometric, .explicitVRLittleEndian, in: &object)
      if photometric == .paletteColor {
        for (channel, tag) in [0x0028_1101 as UInt32, 0x0028_1102, 0x0028_1103].enumerated() {
          object.set(tag, words: [256, 0, 16])
          object.set(tag + 0x100, "OW", bytes: (0..<256).flatMap { [0, UInt8($0 * (4 - channel) / 4)] })
        }
      }
      add(object, .us)
    }
  }

  // MARK: - Encoding

  func setFrames(
    _ frames: [[UInt8]], bits: Int, _ photometric: PhotometricInterpretation, _ syntax: UID, in object: inout Draft
  ) throws {
    let format = ImageFormat(
      rows: TextPicture.rows, columns: TextPicture.columns, samplesPerPixel: photometric == .rgb ? 3 : 1,
      photometricInterpretation: photometric, bitsAllocated: bits > 8 ? 16 : 8, bitsStored: bits)
    object.setPixels(
      rows: format.rows, columns: format.columns, bits: (format.bitsAllocated, bits), samples: frames.flatMap { $0 },
      photometric: photometric.rawValue, samplesPerPixel: format.samplesPerPixel)
    guard syntax != .explicitVRLittleEndian else { return }
    let stored = frames.map { StoredFrame(format: format, bytes: $0) }
    if syntax == .jpegBaseline8Bit {
      object.set(fragments: try Self.baseline(stored))
      object.set(0x0028_2110, "CS", "01")
    } else {
      guard let encoder = FrameEncoder(syntax) else { throw DICOMFileError.unsupportedTransferSyntax(syntax) }
      object.set(fragments: try stored.map { try encoder.encode($0) })
    }
  }

  /// Code streams of a file that is written for them and read again.
  private static func baseline(_ frames: [StoredFrame]) throws -> [[UInt8]] {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var dataSet = DataSet()
    dataSet.set(.sopClassUID, .secondaryCaptureImageStorage)
    dataSet.set(.sopInstanceUID, .ui, "1.2.3")
    try DICOMFileWriter.write(dataSet, transferSyntax: .jpegBaseline8Bit, frames: frames, to: path)
    let file = try ElementFile(path: path)
    guard case .fragments(let fragments)? = file.dataSet[.pixelData]?.value else { return [] }
    return try fragments.dropFirst().map { fragment in
      guard case .stored(let stored) = fragment else { return [] }
      return try file.bytes(of: stored, count: stored.length)
    }
  }
}
