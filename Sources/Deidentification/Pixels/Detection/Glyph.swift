/// A component that may be a letter, or several that touch.
struct Glyph {
  /// In samples.
  static let smallestArea = 5

  let component: StrokeComponent
  /// Height of a letter as far as one component tells: its longer side, for letters that touch the shorter.
  let size: Double
  /// How many letters it may be.
  let letters: Int

  var x: Double { component.centerX }
  var y: Double { component.centerY }

  /// The component as a letter; `nil` for what is too small, too large, too solid or too straight.
  ///
  /// - Parameter range: Heights of letters that are looked for.
  init?(_ component: StrokeComponent, sizes range: ClosedRange<Int>) {
    guard Glyph.isPossible(component, sizes: range) else { return nil }
    let (long, short) = (max(component.width, component.height), min(component.width, component.height))
    self.component = component
    if Double(long) > 1.7 * Double(short), component.complexity > 1.15, short >= range.lowerBound {
      size = Double(short)
      letters = max(1, Int((Double(long) / Double(short) * 1.3).rounded()))
    } else {
      size = Double(long)
      letters = 1
    }
  }

  private static func isPossible(_ component: StrokeComponent, sizes range: ClosedRange<Int>) -> Bool {
    let (long, short) = (max(component.width, component.height), min(component.width, component.height))
    guard long >= range.lowerBound, short <= range.upperBound, component.area >= smallestArea else { return false }
    guard long <= range.upperBound || (long <= 40 * short && component.complexity > 1.15) else { return false }
    let isBar = 3 * short <= long
    guard isBar || component.fill <= 0.9 else { return false }
    return component.strokeWidth <= 0.45 * Double(long)
  }
}
