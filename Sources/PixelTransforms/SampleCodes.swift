/// One code a sample: an index into tables of values.
///
/// Sixteen bits hold the codes of every frame of 16 bits or fewer. The loops over all samples of a frame are in this file,
/// on pointers: they are most of the work, and a check of every index would double it.
enum SampleCodes: Sendable, Equatable {
  case narrow([UInt16])
  case wide([UInt32])

  var count: Int {
    switch self {
    case .narrow(let codes): codes.count
    case .wide(let codes): codes.count
    }
  }

  /// How often each code below `codeCount` occurs.
  ///
  /// - Precondition: All codes are below `codeCount`.
  func counts(below codeCount: Int) -> [Int] {
    switch self {
    case .narrow(let codes): Self.counts(codes, below: codeCount)
    case .wide(let codes): Self.counts(codes, below: codeCount)
    }
  }

  /// Four histograms side by side: neighbouring samples are often equal, and adding to one counter twice in a row waits for
  /// the memory in between.
  private static func counts<Code: UnsignedInteger & FixedWidthInteger>(_ codes: [Code], below codeCount: Int) -> [Int]
  {
    var lanes = [UInt32](repeating: 0, count: 4 * codeCount)
    unsafe codes.withUnsafeBufferPointer { codes in
      unsafe lanes.withUnsafeMutableBufferPointer { lanes in
        let whole = codes.count & ~3
        // Safe: the codes are below `codeCount`, so that `lane · codeCount + code` is inside `lanes`.
        for index in stride(from: 0, to: whole, by: 4) {
          unsafe lanes[Int(truncatingIfNeeded: codes[index])] &+= 1
          unsafe lanes[codeCount + Int(truncatingIfNeeded: codes[index + 1])] &+= 1
          unsafe lanes[2 * codeCount + Int(truncatingIfNeeded: codes[index + 2])] &+= 1
          unsafe lanes[3 * codeCount + Int(truncatingIfNeeded: codes[index + 3])] &+= 1
        }
        for index in whole..<codes.count { unsafe lanes[Int(truncatingIfNeeded: codes[index])] &+= 1 }
      }
    }
    return (0..<codeCount).map { code in
      Int(lanes[code]) + Int(lanes[codeCount + code]) + Int(lanes[2 * codeCount + code])
        + Int(lanes[3 * codeCount + code])
    }
  }

  /// Writes the table's entry for every `step`-th code from `first` on, to every `spacing`-th place of `target`.
  ///
  /// - Precondition: The codes asked for exist and are below the table's count; `target` has room.
  func look<Entry: BitwiseCopyable>(
    up table: [Entry], first: Int, step: Int, count: Int, into target: inout [Entry], at start: Int,
    every spacing: Int = 1
  ) {
    precondition(first >= 0 && first + (count - 1) * step < self.count)
    precondition(start >= 0 && start + (count - 1) * spacing < target.count)
    switch self {
    case .narrow(let codes):
      Self.look(codes, up: table, first: first, step: step, count: count, &target, start, spacing)
    case .wide(let codes): Self.look(codes, up: table, first: first, step: step, count: count, &target, start, spacing)
    }
  }

  /// The same for some of those codes: the entry of the one at `places[i]` goes to `target[i]`.
  ///
  /// - Precondition: The codes asked for exist and are below the table's count; places are below `count`, and `target` is
  ///   as long as they are.
  func look<Entry: BitwiseCopyable>(
    up table: [Entry], first: Int, step: Int, count: Int, at places: [Int], into target: inout [Entry]
  ) {
    precondition(first >= 0 && first + (count - 1) * step < self.count && target.count == places.count)
    switch self {
    case .narrow(let codes): Self.look(codes, up: table, first: first, step: step, places, &target)
    case .wide(let codes): Self.look(codes, up: table, first: first, step: step, places, &target)
    }
  }

  @inline(__always)
  private static func look<Code: UnsignedInteger & FixedWidthInteger, Entry: BitwiseCopyable>(
    _ codes: [Code], up table: [Entry], first: Int, step: Int, _ places: [Int], _ target: inout [Entry]
  ) {
    unsafe codes.withUnsafeBufferPointer { codes in
      unsafe table.withUnsafeBufferPointer { table in
        unsafe places.withUnsafeBufferPointer { places in
          unsafe target.withUnsafeMutableBufferPointer { target in
            // Safe: places are below the count that the caller checked, and every code is inside every table.
            for index in places.indices {
              unsafe target[index] = table[Int(truncatingIfNeeded: codes[first + places[index] * step])]
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private static func look<Code: UnsignedInteger & FixedWidthInteger, Entry: BitwiseCopyable>(
    _ codes: [Code], up table: [Entry], first: Int, step: Int, count: Int, _ target: inout [Entry], _ start: Int,
    _ spacing: Int
  ) {
    unsafe codes.withUnsafeBufferPointer { codes in
      unsafe table.withUnsafeBufferPointer { table in
        unsafe target.withUnsafeMutableBufferPointer { target in
          // Safe: the caller checked the ranges, and every code is inside every table (`DisplayFrame`).
          for index in 0..<count {
            unsafe target[start + index * spacing] = table[Int(truncatingIfNeeded: codes[first + index * step])]
          }
        }
      }
    }
  }
}
