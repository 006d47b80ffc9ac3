/// JPEG and JPEG-LS interchange format (ISO/IEC 10918-1 B.2, ISO/IEC 14495-1 C.2): tables, headers and scans stay.
///
/// Of application data stays what decoders read colour from, with everything else in it at fixed values: JFIF in APP0
/// (ISO/IEC 10918-5 10.1), the transform of Adobe in APP14 (ISO/IEC 10918-6 6.5.3), and in JPEG-LS the colour transform
/// that some writers state in APP8 as "mrfx".
struct JPEGHygiene {
  let isLS: Bool

  func cleaned(_ bytes: [UInt8]) throws(CodeStreamDamage) -> [UInt8] {
    guard bytes.count >= 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else { throw .noStart }
    var result: [UInt8] = [0xFF, 0xD8]
    result.reserveCapacity(bytes.count)
    var (place, hasScan) = (2, false)
    var tables = JPEGTables(isLS: isLS)
    while true {
      guard place + 1 < bytes.count else {
        // A scan that runs to the last byte hides nothing behind it; decoders take it as ended.
        guard hasScan, place >= bytes.count else { throw .cutShort(at: place) }
        return tables.withoutUnused(result) + [0xFF, 0xD9]
      }
      guard bytes[place] == 0xFF else {
        throw .unexpectedMarker(UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1]), at: place)
      }
      let marker = bytes[place + 1]
      switch marker {
      case 0xFF: place += 1  // fill
      case 0xD9: return tables.withoutUnused(result) + [0xFF, 0xD9]
      case 0xDA:
        let header = try segment(bytes, place)
        result += bytes[place..<header.upperBound]
        tables.noteScan(bytes[header])
        place = entropyEnd(bytes, header.upperBound)
        result += bytes[header.upperBound..<place]
        hasScan = true
      default:
        let content = try segment(bytes, place)
        guard isWellFormed(marker, bytes[content]) else {
          throw .wrongLength(marker: 0xFF00 | UInt16(marker), at: place)
        }
        if let kept = try kept(marker, bytes[content], place) {
          tables.note(marker, bytes[content], at: result.count)
          result += Self.segment(marker, kept)
        }
        place = content.upperBound
      }
    }
  }

  /// The content of the segment whose marker is at `place`, behind its length.
  private func segment(_ bytes: [UInt8], _ place: Int) throws(CodeStreamDamage) -> Range<Int> {
    let marker = bytes[place + 1]
    guard marker >= 0xC0, !(0xD0...0xD8).contains(marker) else {
      throw .unexpectedMarker(0xFF00 | UInt16(marker), at: place)
    }
    guard place + 3 < bytes.count else { throw .cutShort(at: place) }
    let length = Int(bytes[place + 2]) << 8 | Int(bytes[place + 3])
    guard length >= 2 else { throw .wrongLength(marker: 0xFF00 | UInt16(marker), at: place) }
    guard place + 2 + length <= bytes.count else { throw .cutShort(at: place) }
    return place + 4..<place + 2 + length
  }

  static func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
    let length = content.count + 2
    return [0xFF, marker, UInt8(length >> 8), UInt8(length & 0xFF)] + content
  }

  /// Whether a segment ends where what it holds ends: behind that, anything could stand.
  private func isWellFormed(_ marker: UInt8, _ content: ArraySlice<UInt8>) -> Bool {
    let first = content.startIndex
    switch marker {
    case 0xC4:
      return tables(content) { left, offset in
        left < 17 ? nil : 17 + content[first + offset + 1..<first + offset + 17].reduce(0) { $0 + Int($1) }
      }
    case 0xDB: return tables(content) { _, offset in content[first + offset] >> 4 == 0 ? 65 : 129 }
    case 0xCC: return content.count % 2 == 0
    case 0xDD: return content.count == 2 || isLS && (content.count == 3 || content.count == 4)
    case 0xDC: return content.count == 2
    case 0xF7 where isLS, 0xC0...0xCF: return content.count >= 6 && content.count == 6 + 3 * Int(content[first + 5])
    // Preset parameters have one length; mapping tables and oversize dimensions differ.
    case 0xF8 where isLS: return content.first == 1 ? content.count == 11 : (2...4).contains(content.first ?? 0)
    default: return true
    }
  }

  /// Whether tables fill a segment; `length` gives the length of the one at an offset from what is left, `nil` when that
  /// is too little.
  private func tables(_ content: ArraySlice<UInt8>, _ length: (_ left: Int, _ offset: Int) -> Int?) -> Bool {
    var offset = 0
    while offset < content.count {
      guard let size = length(content.count - offset, offset), size <= content.count - offset else { return false }
      offset += size
    }
    return true
  }

  /// What stays of a segment; `nil` for one that goes.
  private func kept(
    _ marker: UInt8, _ content: ArraySlice<UInt8>, _ place: Int
  ) throws(CodeStreamDamage) -> [UInt8]? {
    switch marker {
    case 0xE0 where content.starts(with: "JFIF\0".utf8):
      // Version 1.02, no density, no thumbnail.
      return Array("JFIF\0".utf8) + [1, 2, 0, 0, 1, 0, 1, 0, 0]
    case 0xEE where content.starts(with: "Adobe".utf8) && content.count >= 12:
      return Array("Adobe".utf8) + [0, 100, 0, 0, 0, 0, content[content.startIndex + 11]]
    case 0xE8 where isLS && content.starts(with: "mrfx".utf8) && content.count >= 5: return Array(content.prefix(5))
    case 0xE0...0xEF, 0xFE: return nil
    // Tables, frame headers, restart interval, number of lines, hierarchy.
    case 0xC0...0xC7, 0xC9...0xCF, 0xDB...0xDF: return Array(content)
    case 0xF7 where isLS, 0xF8 where isLS: return Array(content)
    default: throw .unexpectedMarker(0xFF00 | UInt16(marker), at: place)
    }
  }

  /// Where the coded data of a scan end: at a marker that is no restart. After FF stands 00 in JPEG, and in JPEG-LS a byte
  /// below 80.
  private func entropyEnd(_ bytes: [UInt8], _ start: Int) -> Int {
    var place = start
    while place + 1 < bytes.count {
      if bytes[place] == 0xFF {
        let next = bytes[place + 1]
        let isData = isLS ? next < 0x80 : next == 0
        if !isData, !(0xD0...0xD7).contains(next), next != 0xFF { return place }
        place += next == 0xFF ? 1 : 2
      } else {
        place += 1
      }
    }
    return bytes.count
  }
}
