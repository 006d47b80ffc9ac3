/// A connected set of samples that stand out, measured while it was collected.
struct StrokeComponent {
  var area = 0
  /// Both ends included.
  var left = Int.max
  var right = 0
  var top = 0
  var bottom = 0
  var runCount = 0
  /// Sides between samples that both belong to it, one above the other.
  var verticalContacts = 0
  /// Sums over runs: the value in the middle, its square, the response there.
  var valueSum = 0.0
  var squareSum = 0.0
  var responseSum = 0.0
  /// Steps over both ends of every run, two samples wide.
  var stepSum = 0.0
  var columnSum = 0
  var rowSum = 0

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

  mutating func add(_ other: StrokeComponent) {
    area += other.area
    (left, right) = (min(left, other.left), max(right, other.right))
    (top, bottom) = (min(top, other.top), max(bottom, other.bottom))
    runCount += other.runCount
    verticalContacts += other.verticalContacts
    valueSum += other.valueSum
    squareSum += other.squareSum
    responseSum += other.responseSum
    stepSum += other.stepSum
    columnSum += other.columnSum
    rowSum += other.rowSum
  }
}

/// Collects connected samples, diagonal neighbours included, from the runs of every row.
struct ComponentCollector {
  /// More runs than this are clutter in which nothing is found; the rest of the plane is not looked at.
  static let maximumRuns = 3_000_000

  private struct Run {
    var start: Int32
    /// One past the last.
    var end: Int32
    var label: Int32
  }

  private var parents: [Int32] = []
  private var measured: [StrokeComponent] = []
  private var previous: [Run] = []
  private var current: [Run] = []
  private var previousRow = -2
  private var row = -2
  private var runTotal = 0

  var isFull: Bool { runTotal >= Self.maximumRuns }

  mutating func begin(row: Int) {
    swap(&previous, &current)
    current.removeAll(keepingCapacity: true)
    (previousRow, self.row) = (self.row, row)
    if previousRow != row - 1 { previous.removeAll(keepingCapacity: true) }
    cursor = 0
  }

  private var cursor = 0

  /// Adds the samples `start..<end` of the current row; runs come from left to right.
  mutating func add(start: Int, end: Int, value: Double, response: Double, steps: Double) {
    runTotal += 1
    var piece = StrokeComponent()
    let length = end - start
    piece.area = length
    (piece.left, piece.right, piece.top, piece.bottom, piece.runCount) = (start, end - 1, row, row, 1)
    (piece.valueSum, piece.squareSum, piece.responseSum, piece.stepSum) = (value, value * value, response, steps)
    (piece.columnSum, piece.rowSum) = ((start + end - 1) * length / 2, row * length)
    var label: Int32 = -1
    while cursor < previous.count, Int(previous[cursor].end) < start { cursor += 1 }
    var index = cursor
    while index < previous.count, Int(previous[index].start) <= end {
      let above = previous[index]
      piece.verticalContacts += max(0, min(end, Int(above.end)) - max(start, Int(above.start)))
      let root = find(above.label)
      if label < 0 {
        label = root
      } else if root != label {
        // The older label stays.
        let (kept, lost) = (min(label, root), max(label, root))
        parents[Int(lost)] = kept
        measured[Int(kept)].add(measured[Int(lost)])
        label = kept
      }
      index += 1
    }
    if label < 0 {
      label = Int32(parents.count)
      parents.append(label)
      measured.append(piece)
    } else {
      measured[Int(label)].add(piece)
    }
    current.append(Run(start: Int32(start), end: Int32(end), label: label))
  }

  private mutating func find(_ label: Int32) -> Int32 {
    var root = label
    while parents[Int(root)] != root { root = parents[Int(root)] }
    parents[Int(label)] = root
    return root
  }

  /// The components that `isWanted` takes, by the order of their first samples.
  func components(where isWanted: (StrokeComponent) -> Bool) -> [StrokeComponent] {
    parents.indices.filter { Int(parents[$0]) == $0 && isWanted(measured[$0]) }.map { measured[$0] }
  }
}
