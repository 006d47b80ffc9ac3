internal import DICOMCore

extension ElementScanner {
  /// Passes over preamble and file meta information (PS3.10 7.1) and tells how the data set is encoded.
  ///
  /// Where the transfer syntax is none of PS3.6, or there is no meta information, the first element tells, as it does for
  /// the parser that comes after.
  mutating func scanMetaInformation(_ input: inout ScanInput) throws(ScanFailure) -> ElementEncoding {
    let start = try input.peek(min(FileSignature.length, input.end ?? 0)) ?? []
    switch FileSignature(start) {
    case .part10: _ = try input.skip(132)
    case .displacedDataSet(let offset): _ = try input.skip(offset)
    case .bareDataSet, .unknown: break
    }
    let begin = input.position
    var transferSyntax: String?
    while let tag = try input.peek(6), tag[0] == 2, tag[1] == 0 {
      let position = input.position
      let isExplicit = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(tag[4])
      guard let header = try input.readHeader(isExplicit ? .explicitLittleEndian : .implicitLittleEndian) else { break }
      guard !header.hasUndefinedLength, input.position - begin + header.length <= limits.metaInformationBytes else {
        throw .finding(PreScanFinding(.metaInformation, at: position, tag: header.tag))
      }
      if header.tag == 0x0002_0010 {
        guard header.length <= 64 + 1, let value = try input.read(header.length),
          let text = UIDText.checked(Array(value))
        else { throw .finding(PreScanFinding(.metaInformation, at: position, tag: header.tag)) }
        transferSyntax = text
      } else if try !input.skip(header.length) {
        throw .finding(PreScanFinding(.valueBeyondEnd, at: position, tag: header.tag))
      }
    }
    outline.transferSyntax = transferSyntax ?? ""
    switch transferSyntax {
    case "1.2.840.10008.1.2"?: return .implicitLittleEndian
    case "1.2.840.10008.1.2.2"?: return .explicitBigEndian
    case "1.2.840.10008.1.2.1.99"?:
      input.inflateRest()
      return .explicitLittleEndian
    case let text?:
      let isKnown = UID(text).map { TransferSyntax.name($0) != nil } ?? false
      return isKnown ? .explicitLittleEndian : try input.guessedEncoding()
    case nil: return try input.guessedEncoding()
    }
  }
}

extension ScanInput {
  /// From the tag and VR of the next element: a group above 0x00FF in little endian order is one of a big endian file.
  fileprivate mutating func guessedEncoding() throws(ScanFailure) -> ElementEncoding {
    guard let head = try peek(6) else { return .implicitLittleEndian }
    let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
    guard letters.contains(head[4]), letters.contains(head[5]) else { return .implicitLittleEndian }
    return head[0] == 0 && head[1] != 0 ? .explicitBigEndian : .explicitLittleEndian
  }
}

/// The characters of a UID (PS3.5 9.1).
enum UIDText {
  /// The text without padding; `nil` for more than 64 characters or any that is no digit, dot or, as some writers have it,
  /// letter.
  static func checked(_ bytes: [UInt8]) -> String? {
    var bytes = bytes[...]
    while let last = bytes.last, last == 0 || last == 0x20 { bytes.removeLast() }
    guard bytes.count <= 64, bytes.allSatisfy({ $0 == 0x2E || isLetterOrDigit($0) }) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
