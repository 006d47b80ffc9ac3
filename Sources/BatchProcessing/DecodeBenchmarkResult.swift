/// What ``DecodeBenchmark`` measured.
package struct DecodeBenchmarkResult: Sendable, Codable {
  /// Megapixels a second, or a ratio, over the passes.
  package struct Speed: Sendable, Codable {
    package let median: Double
    package let lowest: Double
    package let highest: Double

    init(_ megapixels: Double, _ seconds: [Double]) {
      self.init(seconds.map { megapixels / max($0, 1e-9) })
    }

    init(_ values: [Double]) {
      let speeds = values.sorted()
      lowest = speeds.first ?? 0
      highest = speeds.last ?? 0
      let middle = speeds.count / 2
      median =
        speeds.isEmpty ? 0 : speeds.count.isMultiple(of: 2) ? (speeds[middle - 1] + speeds[middle]) / 2 : speeds[middle]
    }
  }

  /// One transfer syntax.
  package struct Row: Sendable, Codable {
    package let transferSyntaxUID: String
    package let transferSyntax: String
    package let files: Int
    /// Files of which a frame could not be used; the frames before it count.
    package let failures: Int
    package let frames: Int
    /// Of all frames, counted once.
    package let megapixels: Double
    /// From the path to stored values: opening, parsing, decoding.
    package let decode: Speed
    /// The same, with the child's answers checked and copied.
    package let decodeInChild: Speed
    /// From stored values to the encoder input, digests included.
    package let transform: Speed
    package let together: Speed

    enum CodingKeys: String, CodingKey {
      case files, failures, frames, megapixels, decode, transform, together
      case decodeInChild = "decode_in_child"
      case transferSyntaxUID = "transfer_syntax_uid"
      case transferSyntax = "transfer_syntax"
    }
  }

  package let preset: String
  package let size: Int
  package let repetitions: Int
  package let machine: MachineSummary
  package let rows: [Row]
  /// Time of decoding and transforming everything, in a child against here; 1 where the child costs nothing.
  package let childCost: Speed

  enum CodingKeys: String, CodingKey {
    case preset, size, repetitions, machine, rows
    case childCost = "child_cost"
  }

  package func json() throws -> String { try JSONOutput.text(self) }
}
