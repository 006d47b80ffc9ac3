internal import Foundation

/// Letters in a row, and what speaks for and against their being text.
struct TextLine {
  let glyphs: [Glyph]
  /// From the first letter to the last, of length 1.
  let direction: (x: Double, y: Double)

  var letters: Int { glyphs.reduce(0) { $0 + $1.letters } }

  /// The numbers that ``TextScore`` judges by.
  struct Features {
    var letters = 0.0
    /// Mean height of letters, in samples of the level.
    var size = 0.0
    var sharpness = 0.0
    /// Standard deviation of the pen's value from letter to letter, in units of the contrast.
    var valueSpread = 0.0
    /// The same of the contrast.
    var contrastSpread = 0.0
    var sizeSpread = 0.0
    /// Stroke width by height, mean and spread.
    var stroke = 0.0
    var strokeSpread = 0.0
    /// Root mean square of the distances from a straight line, by height.
    var bend = 0.0
    var gapSpread = 0.0
    var gap = 0.0
    var complexity = 0.0
    /// Letters that are more than a bar or a dot.
    var shapedShare = 0.0
    var fill = 0.0
    /// Contrast by the threshold that finds it.
    var prominence = 0.0
    /// Other components around, for each letter.
    var clutter = 0.0
    /// 0 for a line along rows or columns, up to 1 for one between.
    var slant = 0.0
    /// How unlike the letters are: spread of their shapes.
    var variety = 0.0
    /// How much the value of the pen changes within a letter, in units of the contrast.
    var unevenness = 0.0
    /// Median distance of feet or heads of the letters from a straight line, by height, of the two the smaller.
    var baseline = 0.0
    /// Spread of the letters' extent across the line, by height.
    var heightSpread = 0.0

    /// Which map the line was found in.
    var map = StrokeMap.Kind.aboveNoise
    /// How often the plane was halved.
    var level = 0.0

    /// All of them in the order that the weights of ``TextScore`` are stored in, most of them between 0 and 1.
    var normalized: [Float] {
      let values: [Double] = [
        min(letters, 12) / 12, log(size) / 5, min(max(sharpness, -1), 1.5), min(valueSpread, 1),
        min(contrastSpread, 1), min(sizeSpread, 1), min(stroke, 1), min(strokeSpread, 1), min(bend, 1),
        min(gapSpread, 1), min(gap, 2) / 2, complexity / 3, shapedShare, fill, log(1 + prominence) / 3,
        log(1 + max(0, clutter)) / 3, slant, min(variety, 3) / 3, min(unevenness, 1), min(baseline, 1),
        min(heightSpread, 1), map == .nearPeak ? 1 : 0, map == .pen ? 1 : 0, level / 4,
      ]
      return values.map { Float($0) }
    }
  }

  func features(clutter: Double, noise: Double) -> Features {
    var result = Features()
    let count = Double(glyphs.count)
    func mean(_ value: (Glyph) -> Double) -> Double { glyphs.reduce(0) { $0 + value($1) } / count }
    func spread(_ value: (Glyph) -> Double) -> Double {
      let middle = mean(value)
      return (glyphs.reduce(0) { $0 + (value($1) - middle) * (value($1) - middle) } / count).squareRoot()
    }
    let contrast = max(1, mean { $0.component.contrast })
    let size = mean(\.size)
    result.letters = Double(letters)
    result.size = size
    result.sharpness = mean { min(1.5, $0.component.sharpness) }
    result.valueSpread = spread { $0.component.value } / contrast
    result.contrastSpread = spread { $0.component.contrast } / contrast
    result.sizeSpread = spread(\.size) / size
    result.stroke = mean { $0.component.strokeWidth } / size
    result.strokeSpread = spread { $0.component.strokeWidth } / mean { $0.component.strokeWidth }
    let (middleX, middleY) = (mean(\.x), mean(\.y))
    let offsets = glyphs.map { ($0.x - middleX) * -direction.y + ($0.y - middleY) * direction.x }
    result.bend = (offsets.reduce(0) { $0 + $1 * $1 } / count).squareRoot() / size
    let gaps = zip(glyphs, glyphs.dropFirst()).map { $0.gap(to: $1) / size }
    if !gaps.isEmpty {
      let middle = gaps.reduce(0, +) / Double(gaps.count)
      result.gap = middle
      result.gapSpread = (gaps.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(gaps.count)).squareRoot()
    }
    result.complexity = mean { min(3, $0.component.complexity) }
    result.shapedShare =
      glyphs.reduce(0) { $0 + ($1.component.complexity > 1.12 ? Double($1.letters) : 0) } / Double(letters)
    result.fill = mean { $0.component.fill }
    result.prominence = min(20, contrast / max(1, noise))
    result.clutter = clutter / Double(letters)
    let angle = min(abs(direction.x), abs(direction.y))
    result.slant = angle / 0.7072
    result.variety =
      spread { Double($0.component.width) / Double($0.component.height) } + spread { min(3, $0.component.complexity) }
    result.unevenness = mean(\.component.valueDeviation) / contrast
    let isFlat = abs(direction.x) >= abs(direction.y)
    let slope = isFlat ? direction.y / direction.x : direction.x / direction.y
    func deviation(_ edge: (StrokeComponent) -> Int) -> Double {
      let places = glyphs.map { Double(edge($0.component)) - slope * (isFlat ? $0.x : $0.y) }.sorted()
      let middle = places[places.count / 2]
      let distances = places.map { abs($0 - middle) }.sorted()
      return distances[distances.count / 2] / size
    }
    result.baseline = min(
      deviation { isFlat ? $0.top : $0.left }, deviation { isFlat ? $0.bottom : $0.right })
    result.heightSpread = spread { Double(isFlat ? $0.component.height : $0.component.width) } / size
    return result
  }
}

extension Glyph {
  /// The free space between two, 0 when their boxes overlap in both directions.
  func gap(to other: Glyph) -> Double {
    let (a, b) = (component, other.component)
    let across = max(a.left, b.left) - min(a.right, b.right)
    let down = max(a.top, b.top) - min(a.bottom, b.bottom)
    return Double(max(0, across, down))
  }
}
