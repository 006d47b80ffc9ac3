internal import DICOMCore

/// Applies ``VolumeRules`` to the frames of one study.
struct VolumeSelection {
  /// What is known of an image that came this far.
  struct Candidate {
    /// In the study.
    let index: Int
    let dataSet: DataSet
    let frameCount: Int
    /// Breaks ties between frames at one place.
    let order: (Int, String)
  }

  /// Why no frame of an image is used, by index.
  private(set) var exclusions: [Int: ImageExclusion] = [:]
  /// The frames of an image that the rules leave, from 1, ascending.
  private(set) var frames: [Int: [Int]] = [:]
  /// The images with a frame that fits the rules, whether or not sampling chose one.
  private(set) var accepted: Set<Int> = []

  init(of candidates: [Candidate], by rules: VolumeRules) {
    var slices: [Slice] = []
    for candidate in candidates {
      let geometry = FrameGeometry.frames(of: candidate.dataSet, count: candidate.frameCount)
      for (offset, frame) in geometry.enumerated() {
        let slice = Slice(candidate, frame: offset + 1, frame)
        if let reason = slice.exclusion(by: rules) { exclude(slice, reason) } else { slices.append(slice) }
      }
    }
    for stack in Stack.grouping(slices) { apply(rules, to: stack) }
    for index in frames.keys {
      exclusions[index] = nil
      frames[index]?.sort()
    }
  }

  private mutating func apply(_ rules: VolumeRules, to stack: Stack) {
    if let range = rules.sliceSpacing {
      let spacing = stack.spacing
      guard let spacing, range.contains(spacing) else {
        stack.slices.forEach { exclude($0, spacing == nil ? .sliceSpacingUnknown : .sliceSpacingNotCovered) }
        return
      }
    }
    accepted.formUnion(stack.slices.map(\.index))
    guard rules.sampling != .all else {
      stack.slices.forEach { frames[$0.index, default: []].append($0.frame) }
      return
    }
    let (distinct, duplicates, unplaced) = stack.places
    duplicates.forEach { exclude($0, .duplicatePosition) }
    unplaced.forEach { exclude($0, .positionUnknown) }
    let chosen = Set(rules.sampling.indices(of: distinct.map(\.place)))
    for (offset, element) in distinct.enumerated() {
      if chosen.contains(offset) {
        frames[element.slice.index, default: []].append(element.slice.frame)
      } else {
        exclude(element.slice, .notSampled)
      }
    }
  }

  /// The reason of the frame that came furthest stands for the image.
  private mutating func exclude(_ slice: Slice, _ reason: ImageExclusion) {
    guard reason.reach > exclusions[slice.index]?.reach ?? -1 else { return }
    exclusions[slice.index] = reason
  }
}

/// One frame with its place.
struct Slice {
  let index: Int
  let frame: Int
  let series: String
  let geometry: FrameGeometry
  private let order: (Int, String)

  init(_ candidate: VolumeSelection.Candidate, frame: Int, _ geometry: FrameGeometry) {
    (index, self.frame, order, self.geometry) = (candidate.index, frame, candidate.order, geometry)
    series = candidate.dataSet.uid(.seriesInstanceUID)?.value ?? ""
  }

  func precedes(_ other: Slice) -> Bool { (order.0, order.1, frame) < (other.order.0, other.order.1, other.frame) }

  /// What the frame itself says against its use.
  func exclusion(by rules: VolumeRules) -> ImageExclusion? {
    if !rules.orientations.isEmpty {
      guard let orientation = geometry.orientation else { return .orientationUnknown }
      guard rules.orientations.contains(orientation) else { return .orientationNotCovered }
    }
    if let range = rules.sliceThickness {
      guard let thickness = geometry.thickness else { return .sliceThicknessUnknown }
      guard range.contains(thickness) else { return .sliceThicknessNotCovered }
    }
    return nil
  }
}

/// Parallel slices of one series.
struct Stack {
  /// Slices this near to each other, in mm, are at one place.
  static let tolerance = 0.01
  /// The cosine of 2.5 degrees: planes tilted by less are parallel.
  private static let parallel = 0.999

  private let normal: Vector?
  /// By instance number, SOP Instance UID and frame.
  private(set) var slices: [Slice]

  static func grouping(_ slices: [Slice]) -> [Stack] {
    var stacks: [(series: String, stack: Stack)] = []
    for slice in slices.sorted(by: { $0.precedes($1) }) {
      let normal = slice.geometry.normal
      let match = stacks.firstIndex { $0.series == slice.series && $0.stack.isParallel(to: normal) }
      if let match {
        stacks[match].stack.slices.append(slice)
      } else {
        stacks.append((slice.series, Stack(normal: normal, slices: [slice])))
      }
    }
    return stacks.map(\.stack)
  }

  private func isParallel(to other: Vector?) -> Bool {
    guard let normal, let other else { return normal == nil && other == nil }
    return abs(normal.dot(other)) >= Self.parallel
  }

  /// Slices by their place along the normal, in mm; of several at one place the first, and the others; those without one.
  var places: (distinct: [(slice: Slice, place: Double)], duplicates: [Slice], unplaced: [Slice]) {
    var (placed, duplicates, unplaced): ([(slice: Slice, place: Double)], [Slice], [Slice]) = ([], [], [])
    for slice in slices {
      if let normal, let position = slice.geometry.position {
        placed.append((slice, position.dot(normal)))
      } else {
        unplaced.append(slice)
      }
    }
    placed.sort { ($0.place, $1.slice.precedes($0.slice) ? 1 : 0) < ($1.place, $0.slice.precedes($1.slice) ? 1 : 0) }
    var distinct: [(slice: Slice, place: Double)] = []
    for element in placed {
      guard let last = distinct.last, element.place - last.place < Self.tolerance else {
        distinct.append(element)
        continue
      }
      // Places within the tolerance may come in any order: the first image wins, not the lower place.
      if element.slice.precedes(last.slice) {
        distinct[distinct.count - 1].slice = element.slice
        duplicates.append(last.slice)
      } else {
        duplicates.append(element.slice)
      }
    }
    return (distinct, duplicates, unplaced)
  }

  /// The median distance of neighbours, else what the first slice states; `nil` when neither is known.
  var spacing: Double? {
    let places = places.distinct.map(\.place)
    let distances = zip(places.dropFirst(), places).map(-).sorted()
    return distances.isEmpty ? slices.first?.geometry.spacing : distances[(distances.count - 1) / 2]
  }
}

extension VolumeRules.Sampling {
  /// Which of some ascending places are used.
  func indices(of places: [Double]) -> [Int] {
    switch self {
    case .all: return Array(places.indices)
    case .every(let step): return Array(stride(from: 0, to: places.count, by: max(1, step)))
    case .count(let count):
      guard let first = places.first, let last = places.last, count < places.count else {
        return Array(places.indices)
      }
      // The stack reaches half a slice beyond its outer slices.
      let distance = (last - first) / Double(places.count - 1)
      let (start, length) = (first - distance / 2, distance * Double(places.count))
      var free = Array(places.indices)
      return (0..<max(1, count)).map { part in
        let target = start + (Double(part) + 0.5) / Double(max(1, count)) * length
        // Of two equally near the upper one, whatever rounding says.
        let best = free.indices.reduce(0) { best, candidate in
          abs(places[free[candidate]] - target) <= abs(places[free[best]] - target) + 1e-6 ? candidate : best
        }
        return free.remove(at: best)
      }.sorted()
    }
  }
}
