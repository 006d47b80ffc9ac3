import CScanning
import Testing

/// The kernels of one path, called with arrays.
@safe struct ScanPath: CustomTestStringConvertible, @unchecked Sendable {
  let name: String
  private let kernels: cs_kernels

  var testDescription: String { name }

  /// Those that this processor can run.
  static let all = ["portable", "avx2", "avx512"].compactMap(ScanPath.init)

  init?(name: String) {
    guard let table = unsafe cs_kernels_named(name) else { return nil }
    self.name = name
    unsafe kernels = table.pointee
  }

  func words(_ bytes: [UInt8], flip: UInt16) -> [Int16] {
    unsafe [Int16](unsafeUninitializedCapacity: bytes.count / 2) { result, count in
      unsafe kernels.words(bytes, bytes.count / 2, flip, result.baseAddress)
      count = bytes.count / 2
    }
  }

  func halved(_ plane: ScanReference) -> [Int16] {
    var result = [Int16](repeating: 0, count: plane.width / 2 * (plane.height / 2))
    unsafe kernels.halve(plane.values, plane.width, plane.height, &result)
    return result
  }

  func range(_ values: [Int16]) -> ClosedRange<Int16> {
    var (least, greatest) = (Int16(0), Int16(0))
    unsafe kernels.range(values, values.count, &least, &greatest)
    return least...greatest
  }

  func count(_ values: [Int16], atMost bound: Int16) -> Int {
    unsafe kernels.count_at_most(values, values.count, bound)
  }

  func responses(_ plane: ScanReference) -> (light: [UInt16], dark: [UInt16], peaks: [[UInt16]]) {
    let empty = [UInt16](repeating: 0, count: plane.width * plane.height)
    var (light, dark) = (empty, empty)
    var peaks = [[UInt16]](repeating: Array(repeating: 0, count: plane.blockColumns * plane.blockRows), count: 2)
    let workspace = unsafe cs_workspace_make()
    defer { unsafe cs_workspace_free(workspace) }
    var (first, second) = (peaks[0], peaks[1])
    _ = unsafe kernels.respond(
      workspace, plane.values, plane.width, plane.height, &light, &dark, &first, &second)
    peaks = [first, second]
    return (light, dark, peaks)
  }

  func noise(_ plane: ScanReference, _ response: [UInt16], block: Int, peak: UInt16) -> UInt16 {
    unsafe kernels.noise(response, plane.width, plane.height, block, peak)
  }

  func thresholds(_ plane: ScanReference, _ response: [UInt16], _ peaks: [UInt16], smallest: Int)
    -> (found: Int, aboveNoise: [UInt16], nearPeak: [UInt16])
  {
    var (above, near) = (peaks, peaks)
    let found = unsafe kernels.thresholds(
      response, plane.width, plane.height, peaks, Int32(smallest), &above, &near)
    return (found, above, near)
  }

  /// - Parameter thresholds: `nil` for the samples that have the value `pen`.
  func components(
    _ plane: ScanReference, _ response: [UInt16] = [], _ thresholds: [UInt16]? = nil, isDark: Bool = false,
    pen: Int16 = 0, leastLong: Int32 = 0
  ) -> [ScanReference.Component] {
    let wanted = cs_wanted(least_long: leastLong, greatest_short: .max, least_area: 0)
    let workspace = unsafe cs_workspace_make()
    defer { unsafe cs_workspace_free(workspace) }
    var isComplete = false
    let count =
      if let thresholds {
        unsafe kernels.strokes(
          workspace, plane.values, response, thresholds, plane.width, plane.height, isDark, wanted, &isComplete)
      } else {
        unsafe kernels.pens(workspace, plane.values, plane.width, plane.height, pen, wanted, &isComplete)
      }
    guard isComplete else { return [] }
    let found = unsafe UnsafeBufferPointer(start: cs_components(workspace), count: count)
    return unsafe found.map { part in
      ScanReference.Component(
        area: Int(part.area), box: [part.left, part.right, part.top, part.bottom].map { Int($0) },
        runs: Int(part.run_count), contacts: Int(part.vertical_contacts), valueSum: Int(part.value_sum),
        squareSum: Int(part.square_sum), responseSum: Int(part.response_sum), stepSum: Int(part.step_sum))
    }
  }

  /// The first word that passes, by tables that let every byte of `allowed` stand everywhere and hashes of `hashed`.
  func nextWord(_ bytes: [UInt8], from first: Int, allowed: [UInt8], hashed: [UInt32], hasZero: Bool) -> Int {
    var (low, high) = ([UInt8](repeating: 0, count: 16), [UInt8](repeating: 0, count: 16))
    for byte in allowed {
      low[Int(byte & 15)] |= 0x0F
      high[Int(byte >> 4)] |= 0x0F
    }
    var filter = [UInt64](repeating: 0, count: 1 << 12)
    for word in hashed { filter[Int(Self.hash(word) >> 6)] |= 1 << UInt64(Self.hash(word) & 63) }
    return unsafe low.withUnsafeBufferPointer { low in
      unsafe high.withUnsafeBufferPointer { high in
        unsafe filter.withUnsafeBufferPointer { filter in
          var words = unsafe cs_words(
            low: low.baseAddress, high: high.baseAddress, has_zero: hasZero, hashes: filter.baseAddress)
          return unsafe kernels.next_word(bytes, first, bytes.count / 4, &words)
        }
      }
    }
  }

  static func hash(_ word: UInt32) -> UInt32 { ((word | 0x2020_2020) &* 0x9E37_79B1) >> 14 }
}
