package import DICOMCore

/// Finds drawn text in a frame without reading it: strokes of even width, sharp and of one value, in a row.
///
/// For every kind of frame, for light and dark text, along rows, along columns and aslant. The same frame always gives
/// the same result.
package struct BurnedInTextDetector: Sendable {
  /// A line of text: where its strokes stand, and how sure that is.
  package struct Line: Sendable, Equatable {
    package let region: PixelRegion
    /// The logit of ``TextScore``.
    package let score: Float
    /// Height of its letters, in pixels of the frame.
    package let letterHeight: Int

    package var isCertain: Bool { score >= TextScore.certain }
  }

  /// What one frame shows.
  package struct Result: Sendable, Equatable {
    /// Certain and possible lines; text that is found at several scales is in here several times.
    package internal(set) var lines: [Line] = []
    /// The frame holds more clutter than could be looked at.
    package internal(set) var isIncomplete = false
    /// How many pictures of lines were judged.
    var judgedPatches = 0
  }

  /// Text has at least so many letters. A side marker has one or two.
  package static let minimumLetters = 3
  /// Heights of letters that are looked for on every level, in its samples.
  private static let sizes = 5...64
  /// The same for text that one value gives away.
  private static let penSizes = 5...200
  private static let smallestLevel = 48
  /// Bounds the time for a frame that is all clutter.
  private static let maximumPatches = 6000

  package init() {}

  /// - Parameter palette: The colours of a PALETTE COLOR frame, whose indices say nothing of brightness.
  package func lines(in frame: StoredFrame, palette: PaletteColors? = nil) -> Result {
    lines(in: frame, palette) { features, _, patches in TextScore.shared.score(features, patches: patches) }
  }

  /// Every line of letters in a frame, text or not, to train ``TextScore`` with.
  package func candidates(in frame: StoredFrame) -> [Candidate] {
    var candidates: [Candidate] = []
    _ = lines(in: frame, nil) { features, region, patches in
      candidates.append(
        Candidate(region: region, features: features.normalized, patch: patches().first?.values ?? []))
      return TextScore.possible
    }
    return candidates
  }

  /// A line and what it is judged by.
  package struct Candidate: Sendable, Equatable {
    package let region: PixelRegion
    package let features: [Float]
    /// 24 rows of 96 values.
    package let patch: [Float]
  }

  /// Gives the score of a line, `nil` to turn it down.
  private typealias Judge = (TextLine.Features, PixelRegion, () -> [LinePatch]) -> Float?

  private func lines(in frame: StoredFrame, _ palette: PaletteColors?, _ judge: Judge) -> Result {
    var result = Result()
    ScanWorkspace.lent { workspace in
      for plane in SamplePlane.planes(of: frame, palette: palette) {
        searchPens(plane, workspace, judge, &result)
        searchStrokes(plane, workspace, judge, &result)
      }
    }
    return result
  }

  /// Light and dark strokes at all sizes: the plane, then its half, its quarter …
  private func searchStrokes(
    _ plane: SamplePlane, _ workspace: ScanWorkspace, _ judge: Judge, _ result: inout Result
  ) {
    var (level, scale) = (plane, 1)
    while min(level.width, level.height) >= 8 {
      let responses = StrokeResponse.both(of: level, workspace)
      for isDark in [false, true] {
        let response = isDark ? responses.dark : responses.light
        let map = StrokeMap(response, smallest: level.smallestContrast)
        if map.isSilent { continue }
        let turned = TurnedPlane(level, isDark: isDark)
        for kind in [StrokeMap.Kind.aboveNoise, .nearPeak] {
          let found = map.components(in: level, kind, isDark: isDark, sizes: Self.sizes, workspace)
          collect(found, response, turned, scale, kind, judge, &result)
        }
      }
      guard min(level.width, level.height) >= 2 * Self.smallestLevel, scale < 16 else { break }
      level = level.halved()
      scale *= 2
    }
  }

  private func searchPens(_ plane: SamplePlane, _ workspace: ScanWorkspace, _ judge: Judge, _ result: inout Result) {
    for value in PenValues.values(of: plane) {
      let found = PenValues.components(of: plane, value: value, sizes: Self.penSizes, workspace)
      collect(found, nil, TurnedPlane(plane, isDark: false), 1, .pen, judge, &result)
    }
  }

  private func collect(
    _ found: ComponentList, _ response: StrokeResponse?, _ turned: TurnedPlane, _ scale: Int,
    _ map: StrokeMap.Kind, _ judge: Judge, _ result: inout Result
  ) {
    if !found.isComplete { result.isIncomplete = true }
    let glyphs = found.glyphs
    guard glyphs.count <= LineBuilder.maximumGlyphs else {
      result.isIncomplete = true
      return
    }
    guard glyphs.reduce(0, { $0 + $1.letters }) >= Self.minimumLetters else { return }
    let plane = turned.level
    let builder = LineBuilder(glyphs, width: plane.width, height: plane.height)
    let lines = builder.lines(minimum: Self.minimumLetters) { line, builder in
      // What was found at another scale need not be looked at again.
      if let known = result.lines.first(where: { $0.isCertain && $0.region.covers(line, scale: scale) }) {
        return known.score
      }
      guard result.judgedPatches < Self.maximumPatches else {
        result.isIncomplete = true
        return nil
      }
      var features = line.features(
        clutter: builder.clutter(around: line),
        noise: max(response?.noise(at: line) ?? 0, Double(plane.smallestContrast) / 3))
      features.map = map
      features.level = Double(scale.trailingZeroBitCount)
      let score = judge(features, line.region(scale: scale)) {
        let patches = line.patches(in: turned.plane, pen: map == .pen ? line.glyphs.first?.component.value : nil)
        result.judgedPatches += patches.count
        return patches
      }
      return score.flatMap { $0 >= TextScore.possible ? $0 : nil }
    }
    for (line, score) in lines {
      if result.lines.contains(where: { $0.isCertain && $0.region.covers(line, scale: scale) }) { continue }
      let size = line.glyphs.reduce(0) { $0 + $1.size } / Double(line.glyphs.count)
      result.lines.append(
        Line(region: line.region(scale: scale), score: score, letterHeight: Int(size.rounded(.up)) * scale))
    }
  }
}

/// A plane whose strokes are light; turned when the first line is looked at, since most frames have none.
private final class TurnedPlane {
  let level: SamplePlane
  private let isDark: Bool
  private(set) lazy var plane = isDark ? level.inverted() : level

  init(_ level: SamplePlane, isDark: Bool) {
    (self.level, self.isDark) = (level, isDark)
  }
}

extension StrokeResponse {
  /// The noise in the block where the middle of a line lies.
  func noise(at line: TextLine) -> Double {
    guard let box = line.bounds else { return 0 }
    let row = (box.top + box.bottom) / 2 / Self.blockSide
    let column = (box.left + box.right) / 2 / Self.blockSide
    return Double(noise(ofBlock: row * blockColumns + column))
  }
}

extension TextLine {
  /// The box around all letters in pixels of the frame, of which `scale` make a sample of the plane.
  fileprivate func region(scale: Int) -> PixelRegion {
    let box = bounds ?? (0, 0, -1, -1)
    return PixelRegion(
      column: box.left * scale, row: box.top * scale, width: (box.right - box.left + 1) * scale,
      height: (box.bottom - box.top + 1) * scale)
  }
}

extension PixelRegion {
  /// Whether a line of a plane at `scale` lies within it.
  fileprivate func covers(_ line: TextLine, scale: Int) -> Bool {
    guard let box = line.bounds else { return false }
    return box.left * scale >= column - scale && box.top * scale >= row - scale
      && (box.right + 1) * scale <= column + width + scale && (box.bottom + 1) * scale <= row + height + scale
  }
}
