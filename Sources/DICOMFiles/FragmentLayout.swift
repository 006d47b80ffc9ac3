internal import DICOMCore

/// Which fragments hold which frame of encapsulated pixel data (PS3.5 A.4). Fragments count from 1; 0 is the table.
struct FragmentLayout: Equatable {
  /// The first fragment of every frame, then one past the last fragment.
  private let bounds: [Int]

  var frameCount: Int { bounds.count - 1 }

  func fragments(ofFrame index: Int) -> Range<Int> { bounds[index]..<bounds[index + 1] }

  /// Assigns fragments by count, by an offset table, or by the markers at which code streams start and end.
  ///
  /// Empty fragments, which some writers append, count only where every frame has exactly one fragment.
  ///
  /// - Throws: `unassignableFragments`, or an error of Number of Frames.
  init(of dataSet: DataSet, _ handle: borrowing ObjectHandle, markers: CodeStreamMarkers?) throws(DICOMFileError) {
    let fragmentCount = max(0, handle.fragmentCount - 1)
    let frameCount = try FrameCount.read(dataSet, lengthInFrames: nil)
    var filled: [Int] = []
    for index in 1..<fragmentCount + 1 where handle.length(ofFragment: index) > 0 { filled.append(index) }
    guard let first = filled.first, max(filled.count, fragmentCount) >= frameCount else {
      throw .unassignableFragments(fragments: fragmentCount, frames: frameCount)
    }
    let end = [fragmentCount + 1]
    if frameCount == 1 {
      bounds = [first] + end
    } else if fragmentCount == frameCount {
      bounds = Array(1...frameCount + 1)
    } else if filled.count == frameCount {
      bounds = filled + end
    } else if let starts = try Self.tableStarts(handle, frameCount) {
      bounds = starts + end
    } else if let markers, let starts = try Self.markedStarts(handle, filled, frameCount, markers) {
      bounds = starts + end
    } else {
      throw .unassignableFragments(fragments: fragmentCount, frames: frameCount)
    }
  }

  /// Starts from the Extended or the Basic Offset Table; `nil` when there is none or it points between fragments.
  private static func tableStarts(
    _ handle: borrowing ObjectHandle, _ frameCount: Int
  ) throws(DICOMFileError) -> [Int]? {
    var offsets = ValueDecoding.numbers(try handle.value(of: .extendedOffsetTable), UInt64.self)
    if offsets.count != frameCount {
      let table = try handle.readPrefix(ofFragment: 0, count: frameCount * 4)
      offsets = ValueDecoding.numbers(table, UInt32.self).map(UInt64.init)
    }
    guard offsets.count == frameCount, offsets.first == 0 else { return nil }
    var starts: [Int] = []
    // Offsets count from the first byte of the first fragment's item tag; tag and length take 8 bytes.
    var position: UInt64 = 0
    for fragment in 1..<handle.fragmentCount {
      if starts.count < frameCount, offsets[starts.count] == position { starts.append(fragment) }
      position += 8 + UInt64(handle.length(ofFragment: fragment))
    }
    return starts.count == frameCount ? starts : nil
  }

  /// Fragments at which code streams start, when there are as many as frames: those that begin with a start marker,
  /// or else those that follow an end marker.
  private static func markedStarts(
    _ handle: borrowing ObjectHandle, _ filled: [Int], _ frameCount: Int, _ markers: CodeStreamMarkers
  ) throws(DICOMFileError) -> [Int]? {
    var started: [Int] = []
    var afterEnd: [Int] = []
    var hasEnded = true
    for fragment in filled {
      if markers.start(try handle.readPrefix(ofFragment: fragment, count: 12)) { started.append(fragment) }
      if hasEnded { afterEnd.append(fragment) }
      hasEnded = markers.end(try handle.readSuffix(ofFragment: fragment, count: 8))
    }
    return [started, afterEnd].first { $0.count == frameCount && $0.first == filled.first }
  }
}

/// How code streams of a family start and end.
enum CodeStreamMarkers {
  case jpeg
  case jpeg2000

  /// SOI and another marker; SOC and SIZ, or the signature box of a JP2 file.
  func start(_ bytes: [UInt8]) -> Bool {
    switch self {
    case .jpeg: bytes.starts(with: [0xFF, 0xD8, 0xFF])
    case .jpeg2000:
      bytes.starts(with: [0xFF, 0x4F, 0xFF, 0x51]) || bytes.starts(with: [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20])
    }
  }

  /// EOI or EOC, the same in both families, with padding behind it.
  func end(_ bytes: [UInt8]) -> Bool {
    let marker = bytes.indices.dropFirst().last { bytes[$0 - 1] == 0xFF && bytes[$0] == 0xD9 }
    return marker.map { end in bytes[(end + 1)...].allSatisfy { $0 == 0 || $0 == 0xFF } } ?? false
  }
}
