import DICOMCore
import Foundation
import TestSupport

/// JPEG 2000 code streams for the tests.
enum JPEG2000Streams {
  /// 8 × 8 samples `(7 x + 13 y) mod 256`, unsigned, reversible: what OpenJPEG 2.5.0's `opj_compress -n 2` makes of them,
  /// without its comment segment.
  static let smallSamples: [UInt8] = (0..<64).map { index in
    let (x, y) = (index % 8, index / 8)
    return UInt8((7 * x + 13 * y) % 256)
  }
  static let small: [UInt8] = bytes(
    """
    ff4fff510029000000000008000000080000000000000000000000080000000800000000000000000001070101ff5200
    0c00000001000104040001ff5c00074040484850ff90000a0000000000300001ff93df8088120a4383bd0d266e4ae683
    7a052531b77fc07c21c0f9020022187f037e8abfffd9
    """)

  private static func bytes(_ text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue).map(UInt8.init)
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  /// A bare code stream as the content of a JP2 file (ISO/IEC 15444-1 annex I).
  static func boxed(_ stream: [UInt8], enumeratedColourSpace: UInt8) -> [UInt8] {
    func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
      let length = UInt32(content.count + 8)
      return (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32($0))) } + Array(type.utf8) + content
    }
    // The header box begins with an image header, whose content nobody needs here.
    let header = box("ihdr", [UInt8](repeating: 0, count: 14)) + box("colr", [1, 0, 0, 0, 0, 0, enumeratedColourSpace])
    return box("jP  ", [0x0D, 0x0A, 0x87, 0x0A]) + box("ftyp", Array("jp2 ".utf8) + [0, 0, 0, 0] + Array("jp2 ".utf8))
      + box("jp2h", header) + box("jp2c", stream)
  }
}

/// OpenJPEG's encoder, for code streams of every kind.
struct JPEG2000Encoder {
  private let command: ExternalCommand
  private let folder: TemporaryFolder

  static let isAvailable = ExternalCommand("opj_compress") != nil

  /// `nil` without `opj_compress` on the path.
  init?(in folder: TemporaryFolder) {
    guard let command = ExternalCommand("opj_compress") else { return nil }
    (self.command, self.folder) = (command, folder)
  }

  struct Failure: Error { let text: String }

  /// Encodes losslessly unless `options` say otherwise.
  ///
  /// - Parameters:
  ///   - planes: The samples of each component: bytes for up to eight bits, words in little endian order for more.
  ///   - subsampling: As `opj_compress` has it, such as `@1x1:2x2:2x2`.
  func encode(
    _ planes: [[UInt8]], columns: Int, rows: Int, precision: Int, isSigned: Bool = false, subsampling: String = "",
    _ options: [String] = []
  ) throws -> [UInt8] {
    var input: [String]
    if precision % 2 == 1, !isSigned {
      // The encoder takes only even depths as raw samples, and PGX without sign alone.
      let header = Array("PG LM +\(precision) \(columns) \(rows)\n".utf8)
      input = ["-i", try folder.write(header + planes[0], to: "samples.pgx")]
    } else {
      input = ["-i", try folder.write(planes.flatMap { $0 }, to: "samples.rawl")]
      input += ["-F", "\(columns),\(rows),\(planes.count),\(precision),\(isSigned ? "s" : "u")\(subsampling)"]
    }
    // The encoder's own number of resolutions asks for images above 32 pixels.
    let resolutions = options.contains("-n") ? [] : ["-n", "2"]
    let result = try command.run(
      input + ["-o", folder.path("stream.j2k")] + resolutions + options)
    guard result.status == 0 else { throw Failure(text: result.text) }
    return try folder.read("stream.j2k")
  }
}
