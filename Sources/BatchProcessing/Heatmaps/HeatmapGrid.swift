internal import Reports
internal import SigLIP

/// A map in the form in which it is kept and written: 8 bits a patch, and what the largest stands for.
struct HeatmapGrid: Sendable, Equatable {
  let size: Int
  /// The relevance that 255 stands for; 0 where nothing moved the score.
  let largest: Float
  /// Row by row, `size × size`.
  let values: [UInt8]

  init(size: Int, largest: Float, values: [UInt8]) {
    (self.size, self.largest, self.values) = (size, largest, values)
  }

  init(_ relevance: PatchRelevance) {
    let largest = relevance.values.max() ?? 0
    self.init(
      size: relevance.gridSize, largest: largest,
      values: relevance.values.map { largest > 0 ? UInt8(($0 / largest * 255).rounded()) : 0 })
  }

  func picture(of label: String) -> HeatmapPicture? {
    HeatmapPicture(label: label, width: size, height: size, values: values)
  }
}

extension HeatmapGrid {
  /// For the cache: the largest value as little endian float, then the values.
  var bytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: largest.bitPattern >> (8 * $0)) } + values }

  /// - Returns: `nil` for bytes that are no grid of that size.
  init?(_ bytes: [UInt8], size: Int) {
    guard bytes.count == 4 + size * size else { return nil }
    let largest = Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[$1]) << (8 * $1) })
    guard largest.isFinite, largest >= 0 else { return nil }
    self.init(size: size, largest: largest, values: Array(bytes[4...]))
  }
}
