internal import CScanning

/// A connected set of samples that stand out, measured while it was collected.
struct StrokeComponent {
  let area: Int
  /// Both ends included.
  let left: Int
  let right: Int
  let top: Int
  let bottom: Int
  let runCount: Int
  /// Sides between samples that both belong to it, one above the other.
  let verticalContacts: Int
  /// Sums over runs: the value in the middle, its square, the response there.
  let valueSum: Double
  let squareSum: Double
  let responseSum: Double
  /// Steps over both ends of every run, two samples wide.
  let stepSum: Double

  /// - Parameter responseScale: What a response is counted in.
  init(_ found: cs_component, responseScale: Double) {
    area = Int(found.area)
    (left, right) = (Int(found.left), Int(found.right))
    (top, bottom) = (Int(found.top), Int(found.bottom))
    (runCount, verticalContacts) = (Int(found.run_count), Int(found.vertical_contacts))
    (valueSum, squareSum) = (Double(found.value_sum), Double(found.square_sum))
    (responseSum, stepSum) = (Double(found.response_sum) * responseScale, Double(found.step_sum))
  }

  var width: Int { right - left + 1 }
  var height: Int { bottom - top + 1 }
  var perimeter: Int { 2 * runCount + 2 * area - 2 * verticalContacts }
  var centerX: Double { Double(left + right) / 2 }
  var centerY: Double { Double(top + bottom) / 2 }
  /// Twice the area by the perimeter: the width of a line, also of a bent one.
  var strokeWidth: Double { 2 * Double(area) / Double(perimeter) }
  var fill: Double { Double(area) / Double(width * height) }
  var value: Double { valueSum / Double(runCount) }
  /// Standard deviation of the value from run to run.
  var valueDeviation: Double { max(0, squareSum / Double(runCount) - value * value).squareRoot() }
  var contrast: Double { responseSum / Double(runCount) }
  /// About 1 where the contrast is reached within two samples.
  var sharpness: Double { stepSum / max(1, 2 * responseSum) }
  /// 1 for a bar or a disc, above it for what has arms and holes.
  var complexity: Double { Double(perimeter) / Double(2 * (width + height)) }
}

/// Connected samples, diagonal neighbours included, by the order of their first samples.
struct ComponentList {
  /// Those that may be letters.
  let glyphs: [Glyph]
  /// False where there was more clutter than is collected; the rest of the plane was not looked at.
  let isComplete: Bool

  /// - Parameters:
  ///   - sizes: Heights of letters that are looked for.
  ///   - responseScale: What the responses of the components are counted in.
  ///   - collect: Leaves components in the workspace and says how many.
  init(
    _ workspace: ScanWorkspace, _ sizes: ClosedRange<Int>, responseScale: Double = 1,
    _ collect: (cs_wanted, inout Bool) -> Int
  ) {
    // What no letter can be is not handed over at all; `Glyph` knows the whole rule.
    let wanted = cs_wanted(
      least_long: Int32(sizes.lowerBound), greatest_short: Int32(sizes.upperBound),
      least_area: Int32(Glyph.smallestArea))
    var isComplete = true
    let count = collect(wanted, &isComplete)
    let found = unsafe UnsafeBufferPointer(start: cs_components(workspace.raw), count: count)
    glyphs = unsafe found.compactMap { Glyph(StrokeComponent($0, responseScale: responseScale), sizes: sizes) }
    self.isComplete = isComplete
  }
}
