internal import CScanning

/// Values that are far more frequent than their neighbours: what is drawn with one pen has one value, whatever the
/// noise around it, and anatomy has none such.
enum PenValues {
  /// More pens than this are no pens.
  static let maximum = 6
  /// Samples that a word of small letters has.
  private static let smallestCount = 24

  /// The pens of a plane, the most outstanding first.
  static func values(of plane: SamplePlane) -> [Int16] {
    let (least, counts) = histogram(plane.values)
    let present = counts.indices.filter { counts[$0] > 0 }
    var found: [(excess: Double, value: Int)] = []
    for (place, index) in present.enumerated() where Int(counts[index]) >= smallestCount {
      let count = Int(counts[index])
      guard count < plane.values.count / 4 else { continue }
      let around = max(0, place - 4)...min(present.count - 1, place + 4)
      // Four times the usual count of a neighbour, plus sixteen, is what a pen has to exceed: their upper median does not where too
      // few of them are below.
      let below = around.count { $0 != place && 4 * (Int(counts[present[$0]]) + 4) < count }
      guard around.count == 1 || below > (around.count - 1) / 2 else { continue }
      let others = around.filter { $0 != place }.map { Double(counts[present[$0]]) }.sorted()
      let usual = others.isEmpty ? 0 : others[others.count / 2]
      let excess = Double(count) / (usual + 4)
      if excess > 4 { found.append((excess, Int(least) + index)) }
    }
    found.sort { ($0.excess, $1.value) > ($1.excess, $0.value) }
    return found.prefix(maximum).map { Int16($0.value) }
  }

  /// The least value and how often it and those above it occur.
  private static func histogram(_ values: [Int16]) -> (least: Int16, counts: [UInt32]) {
    var (least, greatest) = (Int16(0), Int16(0))
    return unsafe values.withUnsafeBufferPointer { values in
      unsafe ScanKernels.current.functions.range(values.baseAddress, values.count, &least, &greatest)
      var counts = [UInt32](repeating: 0, count: Int(greatest) - Int(least) + 1)
      unsafe counts.withUnsafeMutableBufferPointer { counts in
        unsafe cs_histogram(values.baseAddress, values.count, least, counts.count, counts.baseAddress)
      }
      return (least, counts)
    }
  }

  /// Connected samples that have exactly this value.
  static func components(
    of plane: SamplePlane, value: Int16, sizes: ClosedRange<Int>, _ workspace: ScanWorkspace
  ) -> ComponentList {
    // Responses come as sums over both sides.
    ComponentList(workspace, sizes, responseScale: 0.5) { wanted, isComplete in
      unsafe plane.values.withUnsafeBufferPointer { values in
        unsafe ScanKernels.current.functions.pens(
          workspace.raw, values.baseAddress, plane.width, plane.height, value, wanted, &isComplete)
      }
    }
  }
}
