internal import DICOMCore

/// Which fragments hold which frame of encapsulated pixel data (PS3.5 A.4). Fragments count from 1; 0 is the table.
struct FragmentLayout: Equatable {
  /// The first fragment of every frame, then one past the last fragment.
  private let bounds: [Int]

  var frameCount: Int { bounds.count - 1 }

  func fragments(ofFrame index: Int) -> Range<Int> { bounds[index]..<bounds[index + 1] }

  /// Assigns fragments by count, by an offset table, or, when `findsStartMarkers`, by the SOI marker at each start.
  ///
  /// - Throws: `unassignableFragments`, or an error of Number of Frames.
  init(
    of dataSet: DataSet, _ handle: borrowing ObjectHandle, findsStartMarkers: Bool
  ) throws(DICOMFileError) {
    let fragmentCount = handle.fragmentCount - 1
    let frameCount = try FrameCount.read(dataSet, lengthInFrames: nil)
    guard fragmentCount >= frameCount else {
      throw .unassignableFragments(fragments: max(0, fragmentCount), frames: frameCount)
    }
    if frameCount == 1 {
      bounds = [1, fragmentCount + 1]
    } else if fragmentCount == frameCount {
      bounds = Array(1...frameCount + 1)
    } else if let starts = try Self.tableStarts(handle, frameCount) {
      bounds = starts + [fragmentCount + 1]
    } else if findsStartMarkers, let starts = try Self.markedStarts(handle, frameCount) {
      bounds = starts + [fragmentCount + 1]
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

  /// Fragments that start with SOI, when there are as many as frames.
  private static func markedStarts(
    _ handle: borrowing ObjectHandle, _ frameCount: Int
  ) throws(DICOMFileError) -> [Int]? {
    var starts: [Int] = []
    for fragment in 1..<handle.fragmentCount {
      if try handle.readPrefix(ofFragment: fragment, count: 3) == [0xFF, 0xD8, 0xFF] { starts.append(fragment) }
    }
    return starts.count == frameCount && starts.first == 1 ? starts : nil
  }
}
