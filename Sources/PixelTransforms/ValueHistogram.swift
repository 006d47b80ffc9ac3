/// How often each modality value occurs, over any number of frames, in bounded memory.
///
/// Values are kept exactly until there are more than ``maximumValueCount`` different ones. Then low bits of their
/// significands are dropped, towards zero, just as many as it takes; 16-bit images with one rescale never come there.
/// What is dropped follows from the whole set of values, so neither the order of frames nor that of merges matters.
package struct ValueHistogram: Sendable, Equatable {
  /// 4 MiB of counts.
  static let standardMaximum = 1 << 18

  /// More different values than this are told apart less finely.
  package let maximumValueCount: Int
  /// Bits dropped from the 52 of a significand.
  package private(set) var droppedBits = 0
  /// Of all values.
  package private(set) var count = 0
  /// By the bit pattern of the value, low bits cleared.
  private var counts: [UInt64: Int] = [:]

  package init(maximumValueCount: Int = ValueHistogram.standardMaximum) {
    self.maximumValueCount = max(1, maximumValueCount)
  }

  package var isEmpty: Bool { count == 0 }

  /// Counts a value.
  ///
  /// - Parameters:
  ///   - value: Finite.
  ///   - occurrences: 0 or more.
  package mutating func add(_ value: Double, occurrences: Int = 1) {
    guard occurrences > 0 else { return }
    // Minus zero is zero.
    add(bits: (value == 0 ? 0 : value).bitPattern, occurrences)
    coarsen()
  }

  /// Takes over all values of `other`.
  package mutating func merge(_ other: ValueHistogram) {
    dropBits(other.droppedBits)
    for (bits, occurrences) in other.counts {
      add(bits: bits, occurrences)
      coarsen()
    }
  }

  /// The smallest value that at least `percentile` percent of all values do not exceed (nearest rank); `nil` when empty.
  ///
  /// - Parameter percentile: `0...100`; 0 gives the smallest value, 100 the greatest.
  /// - Complexity: O(n log n) in the number of different values.
  package func value(atPercentile percentile: Double) -> Double? {
    guard count > 0 else { return nil }
    // Multiplied first: 7 / 100 * 100 is a little more than 7, and its rank would be 8.
    let rank = max(1, Int((percentile * Double(count) / 100).rounded(.up)))
    var seen = 0
    let sorted = counts.map { (value: Double(bitPattern: $0.key), count: $0.value) }.sorted { $0.value < $1.value }
    for entry in sorted {
      seen += entry.count
      if seen >= rank { return entry.value }
    }
    return sorted.last?.value
  }

  private mutating func add(bits: UInt64, _ occurrences: Int) {
    counts[Self.clearing(droppedBits, of: bits), default: 0] += occurrences
    count += occurrences
  }

  private mutating func coarsen() {
    while counts.count > maximumValueCount, droppedBits < 52 { dropBits(droppedBits + 1) }
  }

  private mutating func dropBits(_ bits: Int) {
    guard bits > droppedBits else { return }
    droppedBits = bits
    var coarser: [UInt64: Int] = [:]
    for (key, occurrences) in counts { coarser[Self.clearing(bits, of: key), default: 0] += occurrences }
    counts = coarser
  }

  private static func clearing(_ bits: Int, of pattern: UInt64) -> UInt64 { (pattern >> UInt64(bits)) << UInt64(bits) }
}
