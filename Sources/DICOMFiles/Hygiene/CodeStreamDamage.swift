/// Why a code stream cannot be cleaned: it is not built as its standard says, so that nobody knows what its bytes are.
package enum CodeStreamDamage: Error, Sendable, Equatable {
  /// It does not begin as code streams of its kind do.
  case noStart
  /// It ends inside a segment that starts at this byte.
  case cutShort(at: Int)
  /// A marker that has no place here.
  case unexpectedMarker(UInt16, at: Int)
  /// A segment whose length does not agree with what it holds.
  case wrongLength(marker: UInt16, at: Int)
  /// RLE segments that are missing, out of order or too short; from 1.
  case wrongRLESegment(Int)
  /// A JP2 file whose boxes, which do not belong into DICOM, say what the colours are.
  case colourInBoxes
  /// Pixel data shorter than its frames.
  case missingBytes(expected: Int, found: Int)
  /// A transfer syntax whose code streams are not known here.
  case unknownKind
}

extension CodeStreamDamage: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noStart: "the code stream has no start marker"
    case .cutShort(let place): "the code stream ends inside the segment at byte \(place)"
    case .unexpectedMarker(let marker, let place): "marker \(hex(marker)) has no place at byte \(place)"
    case .wrongLength(let marker, let place): "the segment of marker \(hex(marker)) at byte \(place) has a wrong length"
    case .wrongRLESegment(let number): "RLE segment \(number) is missing, misplaced or too short"
    case .colourInBoxes: "the boxes of a JP2 file define the colours"
    case .missingBytes(let expected, let found): "\(found) bytes of pixel data, \(expected) are needed"
    case .unknownKind: "no code stream of this transfer syntax can be cleaned"
    }
  }

  private func hex(_ marker: UInt16) -> String { String(marker, radix: 16, uppercase: true) }
}
