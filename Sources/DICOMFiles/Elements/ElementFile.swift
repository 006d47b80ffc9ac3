internal import CSandbox
package import DICOMCore
internal import Glibc

/// A Part 10 file, or a bare data set, taken apart into every element it holds, in memory-safe Swift alone.
///
/// The pre-scan has passed over the whole file before. Values of ``longestValue`` bytes and more stay where they are, so that
/// memory does not depend on the size of pixel data.
package struct ElementFile: Sendable {
  /// Binary values at least this long are not loaded, in bytes. Pixel data never is.
  package static let longestValue = 1 << 16
  /// Text that is longer is not looked at, and becomes an unknown value.
  static let longestText = 16 << 20

  package let dataSet: RawDataSet
  /// The elements of group 0002, without their values.
  package let metaTags: [Tag]
  package let hasPreamble: Bool
  package let transferSyntax: UID
  /// Media Storage SOP Class UID (0002,0002), when there is one.
  package let mediaStorageSOPClass: UID?
  /// What ``StoredBytes`` count in: the file, or what it inflates to.
  private let stored: SourceFile

  /// Reads the file at `path`.
  ///
  /// - Parameter wasScanned: The pre-scan has passed this file a moment ago. What has changed since can make the elements wrong
  ///   and nothing worse: reading keeps to the limits of depth and memory by itself.
  package init(path: String, wasScanned: Bool = false) throws(DICOMFileError) {
    try self.init(SourceFile(opening: path), wasScanned: wasScanned)
  }

  /// - Throws: ``DICOMFileError``, as reading through DCMTK does, and for structures that only a guess could make sense of.
  init(_ source: SourceFile, wasScanned: Bool = false) throws(DICOMFileError) {
    try FileStart.check(source)
    if !wasScanned { _ = try PreScan(source) }
    var input = ScanInput(source, inflatedLimit: PreScanLimits().inflatedBytes)
    do throws(ScanFailure) {
      (metaTags, mediaStorageSOPClass, hasPreamble) = try Self.metaInformation(of: source)
      var scanner = ElementScanner(limits: PreScanLimits())
      let encoding = try scanner.scanMetaInformation(&input)
      guard let transferSyntax = Self.transferSyntax(scanner.outline.transferSyntax, encoding) else {
        throw .file(.missingAttribute(.transferSyntaxUID))
      }
      self.transferSyntax = transferSyntax
      if transferSyntax == .deflatedExplicitVRLittleEndian {
        stored = try Self.inflated(&input)
        input = ScanInput(stored, inflatedLimit: 0)
      } else {
        stored = source
      }
      var reader = ElementReader(input: input)
      dataSet = try reader.readAll(encoding)
    } catch {
      switch error {
      case .finding(let finding): throw .structure(finding)
      case .file(let failure): throw failure
      }
    }
  }

  /// The bytes of a value that was left in the file, from `start` on, in little endian order.
  ///
  /// - Parameters:
  ///   - start: In bytes from the value's first; a multiple of its `swap`.
  ///   - count: At most so many.
  package func bytes(of value: StoredBytes, from start: Int = 0, count: Int) throws(DICOMFileError) -> [UInt8] {
    let bytes = try stored.read(at: value.offset + start, count: min(count, value.length - start))
    guard bytes.count == min(count, value.length - start) else { throw .truncated(detail: "the file became shorter") }
    return bytes.swapped(value.swap)
  }

  // MARK: - Parts

  private static func metaInformation(
    of source: SourceFile
  ) throws(ScanFailure) -> (tags: [Tag], sopClass: UID?, hasPreamble: Bool) {
    var input = ScanInput(source, inflatedLimit: 0)
    let start = try input.peek(min(FileSignature.length, source.size)) ?? []
    let hasPreamble = FileSignature(start) == .part10
    if hasPreamble { _ = try input.skip(132) }
    var tags: [Tag] = []
    var sopClass: UID?
    while let head = try input.peek(6), head[0] == 2, head[1] == 0 {
      let isExplicit = (0x41...0x5A).contains(head[4])
      guard let header = try input.readHeader(isExplicit ? .explicitLittleEndian : .implicitLittleEndian) else { break }
      tags.append(Tag(header.tag))
      if header.tag == 0x0002_0002, header.length <= 65, let value = try input.read(header.length) {
        sopClass = UID(String(decoding: value, as: UTF8.self))
      } else {
        _ = try input.skip(header.length)
      }
    }
    return (tags, sopClass, hasPreamble)
  }

  /// The one stated; where it is none of the standard's, or missing, the one that the first element looks like.
  private static func transferSyntax(_ stated: String, _ encoding: ElementEncoding) -> UID? {
    if let uid = UID(stated), TransferSyntax.name(uid) != nil { return uid }
    guard stated.isEmpty else { return nil }
    switch encoding {
    case .implicitLittleEndian: return .implicitVRLittleEndian
    case .explicitLittleEndian: return .explicitVRLittleEndian
    case .explicitBigEndian: return .explicitVRBigEndian
    }
  }

  /// The inflated data set in anonymous memory that is read like a file.
  private static func inflated(_ input: inout ScanInput) throws(ScanFailure) -> SourceFile {
    let memory = try AnonymousMemory()
    while true {
      let piece = try input.readPiece()
      if piece.isEmpty { break }
      try memory.append(piece)
    }
    return try memory.file()
  }
}

extension Tag {
  init(_ number: UInt32) {
    self.init(UInt16(number >> 16), UInt16(truncatingIfNeeded: number))
  }
}

extension [UInt8] {
  /// With the bytes of each number in the opposite order; what is left over at the end stays.
  func swapped(_ width: Int) -> [UInt8] {
    guard width > 1 else { return self }
    var result = self
    for start in stride(from: 0, through: count - width, by: width) {
      for offset in 0..<width { result[start + offset] = self[start + width - 1 - offset] }
    }
    return result
  }
}

/// Memory without a name that is filled once and then read like a file.
private struct AnonymousMemory: ~Copyable {
  private var descriptor: Int32 = -1

  init() throws(ScanFailure) {
    guard unsafe csandbox_memory_file(&descriptor) == 0 else { throw .file(.outOfMemory) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  func append(_ bytes: [UInt8]) throws(ScanFailure) {
    do { try FileBytes.append(bytes, to: descriptor) } catch { throw .file(error) }
  }

  func file() throws(ScanFailure) -> SourceFile {
    do { return try SourceFile(adopting: dup(descriptor)) } catch { throw .file(error) }
  }
}
