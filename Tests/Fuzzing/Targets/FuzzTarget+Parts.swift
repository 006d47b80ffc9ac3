internal import Tensors

@testable internal import DICOMCore
@testable internal import DICOMFiles
@testable internal import SigLIP

extension FuzzTarget {
  /// The first byte says what the parent has asked for.
  static func readAnswer(_ bytes: [UInt8]) {
    guard let kind = bytes.first else { return }
    let answer = Array(bytes.dropFirst())
    var reader = WireReader(answer)
    switch kind % 5 {
    case 0: _ = try? reader.classification(of: InputFile(path: "", source: ""), size: answer.count)
    case 1: _ = try? (reader.header(), reader.format(), reader.frameCount(fileSize: answer.count))
    case 2: _ = try? reader.fileError()
    case 3: _ = try? reader.format()
    default: _ = try? DecoderReply.parse(answer, sequence: 1)
    }
  }

  /// The answers that real files get, as seeds: `kind` as ``readAnswer(_:)`` takes it.
  static func answers(about path: String) -> [[UInt8]] {
    var (classification, opened, error) = (WireWriter(), WireWriter(), WireWriter())
    classification.put(FileClassification(of: InputFile(path: path, source: "")))
    do throws(DICOMFileError) {
      let image = try DICOMFile(path: path)
      opened.put(image.header)
      opened.put(image.format)
      opened.put(integer: image.frameCount)
    } catch {
      var writer = WireWriter()
      writer.put(error)
      return [[0] + classification.bytes, [2] + writer.bytes]
    }
    error.put(DICOMFileError.structure(PreScanFinding(.nestingDepth, at: 7, tag: 0x0008_1140)))
    return [
      [0] + classification.bytes, [1] + opened.bytes, [2] + error.bytes,
      [4] + DecoderReply.answer(length: 100, frame: .memory(length: 64)).message(1),
    ]
  }

  /// Rows, columns, samples, bits allocated, bits stored and sign, then the bytes of a frame.
  static func readFrame(_ bytes: [UInt8]) {
    guard bytes.count >= 8 else { return }
    let samples = Int(bytes[4] & 1) * 2 + 1
    let allocated = [8, 16, 32][Int(bytes[5] >> 3) % 3]
    let format = ImageFormat(
      rows: Int(bytes[0]) + 1, columns: Int(bytes[2]) + 1, samplesPerPixel: samples,
      photometricInterpretation: samples == 1 ? .monochrome2 : .rgb, bitsAllocated: allocated,
      bitsStored: min(allocated, Int(bytes[6]) + 1), isSigned: bytes[7] & 1 == 1)
    let stream = Array(bytes[8...])
    do throws(DICOMFileError) {
      let frame = StoredFrame(format: format, bytes: try RLEStream(stream, frame: 0, format).decode())
      precondition(frame.withoutUnusedBits().storedValues().count == format.sampleCount)
    } catch {
      precondition(!error.description.isEmpty)
    }
    if let header = CodeStreamHeader(stream) { _ = try? header.check(against: format) }
    if let header = JPEG2000Header(stream) {
      precondition((0...stream.count).contains(header.start) && header.length >= 0)
      _ = try? header.check(against: format, frame: 0)
    }
    for markers in [CodeStreamMarkers.jpeg, .jpeg2000] { _ = (markers.start(stream), markers.end(stream)) }
  }

  /// The length of Specific Character Set, its value, then text in it.
  static func readText(_ bytes: [UInt8]) {
    guard let length = bytes.first.map(Int.init) else { return }
    let terms = String(decoding: bytes.dropFirst().prefix(length), as: UTF8.self)
    let decoding = TextDecoding(characterSets: terms)
    let value = Array(bytes.dropFirst(1 + length).prefix(4096))
    for vr in [VR.pn, .lo, .ut, .ds, .is, .ui] { _ = ValueDecoding.element(vr, value, decoding) }
  }

  static func readSettings(_ bytes: [UInt8]) {
    guard let file = try? SettingsFile(path: "settings", bytes: bytes) else { return }
    _ = try? SigLIPConfiguration(file)
    for name in file.members.map(\.name) { _ = try? file.section(name).integer("size", default: 1, in: 0...9) }
  }
}
