package import CacheStorage
internal import DICOMCore
internal import Foundation
internal import Tensors

/// What a file of packed layers holds and where.
///
/// The file is a header of ``headerLength`` bytes, the sections, each at a multiple of a page, and this table as JSON.
struct PreparedTable: Codable, Equatable {
  /// Changes with the form of the file; the layout of a section has a version of its own in ``PreparedKey``.
  static let version = 1
  static let headerLength = 4096
  /// Sections begin at pages, so that what is not read is not in memory.
  static let alignment = 4096

  struct Section: Codable, Equatable {
    /// Of a packed layer; `nil` for values as trained.
    var precision: Precision?
    /// Outputs and inputs of a layer, or the shape of values.
    var shape: [Int]
    var offset: Int
    var byteCount: Int

    /// Whether the section lies in a file of `count` bytes and has the length that its kind must have.
    func isValid(in count: Int) -> Bool {
      guard shape.allSatisfy({ (0...1 << 32).contains($0) }), offset >= PreparedTable.headerLength,
        offset.isMultiple(of: PreparedTable.alignment), byteCount >= 0, offset <= count - byteCount
      else { return false }
      guard let precision else { return byteCount == 4 * shape.reduce(1, *) }
      return shape.count == 2
        && byteCount == PackedLinear.byteCount(outputs: shape[0], inputs: shape[1], precision: precision)
    }
  }

  /// By the name of the layer or tensor.
  var sections: [String: Section] = [:]
  /// Tensors of the checkpoint that were used.
  var used: [String] = []
}

/// What decides the bytes of a file of packed layers; the processor does not.
struct PreparedKey: Sendable {
  let digest: ContentDigest
  /// The beginnings of digests tell files apart; the header holds all of this key's.
  let fileName: String

  init(
    tower: String, weights: ContentDigest, configuration: ContentDigest, precision: Precision,
    bfloat16Layers: Set<String>
  ) {
    // Layers stay in bfloat16 where the precision is int8 only.
    let exceptions = precision == .int8 ? bfloat16Layers.sorted().joined(separator: " ") : ""
    digest = ContentDigest(
      ofText: """
        prepared/\(PreparedTable.version) layout/\(PackedLinear.layoutVersion) \(tower)
        \(weights) \(configuration) \(precision.rawValue)
        \(exceptions)
        """)
    fileName =
      "\(Self.filePrefix(weights, configuration))\(tower)-\(precision.rawValue)-"
      + digest.description.dropFirst(7).prefix(8)
  }

  /// How the names of all files of one checkpoint begin.
  fileprivate static func filePrefix(_ weights: ContentDigest, _ configuration: ContentDigest) -> String {
    "\(ContentDigest(ofText: "\(weights) \(configuration)").description.dropFirst(7).prefix(16))-"
  }
}

extension ModelIdentity {
  /// The files of packed layers of this checkpoint, such as `1f…-vision-int8-7c…`.
  package func preparedFiles(in cache: CacheFolder) -> [CacheFolder.LargeFile] {
    cache.files(in: PreparedFile.folder, prefix: PreparedKey.filePrefix(weightsDigest, configurationDigest))
  }
}

/// The first bytes of a file of packed layers, as one line of JSON with its digest behind it.
struct PreparedHeader: Codable, Equatable {
  var format = "bucky-prepared"
  var version = PreparedTable.version
  /// The bytes of 0x01020304 as this machine stores it: packed layers are in its order.
  var byteOrder = Self.nativeOrder
  var key: ContentDigest
  /// Of everything behind the header.
  var bodyDigest: ContentDigest
  var table: Range<Int>
  var tableDigest: ContentDigest

  static let nativeOrder = unsafe withUnsafeBytes(of: UInt32(0x0102_0304)) { unsafe $0.map { Int($0) } }

  /// The header's bytes, filled up with spaces.
  func bytes() -> [UInt8]? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    guard let json = try? encoder.encode(self) else { return nil }
    let text = Array(json) + [UInt8(ascii: "\n")] + Array(ContentDigest(of: json).description.utf8)
    guard text.count < PreparedTable.headerLength else { return nil }
    return text + [UInt8](repeating: UInt8(ascii: " "), count: PreparedTable.headerLength - text.count)
  }

  /// `nil` for bytes that are damaged, of another version or of a machine with another order of bytes.
  init?(_ bytes: [UInt8]) {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let (json, digest) = (bytes[..<end], bytes[(end + 1)...].prefix { $0 != UInt8(ascii: " ") })
    guard String(decoding: digest, as: UTF8.self) == ContentDigest(of: json).description,
      let header = try? JSONDecoder().decode(Self.self, from: Data(json)), header.format == "bucky-prepared",
      header.version == PreparedTable.version, header.byteOrder == Self.nativeOrder
    else { return nil }
    self = header
  }

  init(key: ContentDigest, bodyDigest: ContentDigest, table: Range<Int>, tableDigest: ContentDigest) {
    self.key = key
    self.bodyDigest = bodyDigest
    self.table = table
    self.tableDigest = tableDigest
  }
}
