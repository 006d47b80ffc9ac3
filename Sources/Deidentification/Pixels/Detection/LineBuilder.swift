/// Puts letters that stand beside each other into lines.
struct LineBuilder {
  /// More letters than this on one level are clutter; lines are not looked for then.
  static let maximumGlyphs = 60_000
  private static let cell = 32

  /// What tells a line from most others: its first and last letter, and how many there are.
  private struct Ends: Hashable {
    let low: Int
    let high: Int
    let count: Int
  }

  private let glyphs: [Glyph]
  private let columns: Int
  private let rows: Int
  /// Indices of glyphs by the cell that their middle lies in.
  private let cells: [[Int32]]

  init(_ glyphs: [Glyph], width: Int, height: Int) {
    self.glyphs = glyphs
    (columns, rows) = (width / Self.cell + 1, height / Self.cell + 1)
    var cells = [[Int32]](repeating: [], count: columns * rows)
    for (index, glyph) in glyphs.enumerated() {
      cells[Int(glyph.y) / Self.cell * columns + Int(glyph.x) / Self.cell].append(Int32(index))
    }
    self.cells = cells
  }

  /// Glyphs whose middle lies within `reach` of a place.
  private func near(_ x: Double, _ y: Double, _ reach: Double, _ body: (Int) -> Void) {
    let (left, right) = (max(0, Int(x - reach) / Self.cell), min(columns - 1, Int(x + reach) / Self.cell))
    let (top, bottom) = (max(0, Int(y - reach) / Self.cell), min(rows - 1, Int(y + reach) / Self.cell))
    guard left <= right, top <= bottom else { return }
    for row in top...bottom {
      for column in left...right {
        for index in cells[row * columns + column] { body(Int(index)) }
      }
    }
  }

  /// Whether two can stand beside each other in a word or with a space between words.
  private func fits(_ a: Glyph, _ b: Glyph) -> Bool {
    let (small, large) = (min(a.size, b.size), max(a.size, b.size))
    guard small >= 0.42 * large else { return false }
    guard a.gap(to: b) <= 1.3 * large else { return false }
    let contrast = max(a.component.contrast, b.component.contrast)
    guard abs(a.component.value - b.component.value) <= 0.6 * contrast else { return false }
    let strokes = a.component.strokeWidth / b.component.strokeWidth
    return strokes > 0.4 && strokes < 2.5
  }

  /// Lines of at least `minimum` letters, each letter in at most one accepted line, in a fixed order.
  ///
  /// - Parameter judge: The score of a line, `nil` to turn it down; its letters can then be in another.
  func lines(minimum: Int, judge: (TextLine, LineBuilder) -> Float?) -> [(line: TextLine, score: Float)] {
    var isUsed = [Bool](repeating: false, count: glyphs.count)
    // The same line grows from most of its letters; it is judged once.
    var judged: Set<Ends> = []
    var result: [(line: TextLine, score: Float)] = []
    for seed in glyphs.indices where !isUsed[seed] {
      let glyph = glyphs[seed]
      if glyph.letters >= minimum {
        let isFlat = glyph.component.width >= glyph.component.height
        let line = grown([seed], (x: isFlat ? 1 : 0, y: isFlat ? 0 : 1), isUsed)
        if accept(line, minimum, judge, &judged, &isUsed, &result) { continue }
      }
      // The nearest few are tried as its neighbours, rows and columns of text before slanted lines.
      for (other, direction) in partners(of: seed, isUsed) {
        let line = grown([seed, other], direction, isUsed)
        if accept(line, minimum, judge, &judged, &isUsed, &result) { break }
      }
    }
    return result
  }

  private func accept(
    _ members: [Int], _ minimum: Int, _ judge: (TextLine, LineBuilder) -> Float?, _ judged: inout Set<Ends>,
    _ isUsed: inout [Bool], _ result: inout [(line: TextLine, score: Float)]
  ) -> Bool {
    guard let first = members.first, let last = members.last else { return false }
    let ends = Ends(low: min(first, last), high: max(first, last), count: members.count)
    guard judged.insert(ends).inserted else { return false }
    let line = line(members)
    guard line.letters >= minimum, let score = judge(line, self) else { return false }
    for member in members { isUsed[member] = true }
    result.append((line, score))
    return true
  }

  private func partners(of seed: Int, _ isUsed: [Bool]) -> [(Int, (x: Double, y: Double))] {
    let glyph = glyphs[seed]
    let long = Double(max(glyph.component.width, glyph.component.height))
    var found: [(rank: Double, index: Int, direction: (x: Double, y: Double))] = []
    near(glyph.x, glyph.y, long / 2 + 4 * glyph.size + 8) { index in
      guard index != seed, !isUsed[index], fits(glyph, glyphs[index]) else { return }
      let (dx, dy) = (glyphs[index].x - glyph.x, glyphs[index].y - glyph.y)
      let distance = (dx * dx + dy * dy).squareRoot()
      guard distance > 0 else { return }
      let direction = (x: dx / distance, y: dy / distance)
      let slant = min(abs(direction.x), abs(direction.y))
      found.append((glyph.gap(to: glyphs[index]) / glyph.size + 2 * slant, index, direction))
    }
    found.sort { ($0.rank, $0.index) < ($1.rank, $1.index) }
    return found.prefix(3).map { ($0.index, $0.direction) }
  }

  /// Adds the next letter at either end as long as there is one.
  private func grown(_ start: [Int], _ direction: (x: Double, y: Double), _ isUsed: [Bool]) -> [Int] {
    var members = start
    var axis = direction
    for end in [1.0, -1.0] {
      while members.count < 200 {
        guard let last = end > 0 ? members.last : members.first else { break }
        guard let next = next(after: last, end, axis, members, isUsed) else { break }
        if end > 0 { members.append(next) } else { members.insert(next, at: 0) }
        if members.count >= 3 { axis = fitted(members, axis) }
      }
    }
    return members
  }

  private func next(
    after last: Int, _ end: Double, _ axis: (x: Double, y: Double), _ members: [Int], _ isUsed: [Bool]
  ) -> Int? {
    let glyph = glyphs[last]
    let half = Double(max(glyph.component.width, glyph.component.height)) / 2
    var best: (rank: Double, index: Int)?
    near(glyph.x, glyph.y, half + 5 * glyph.size + 8) { index in
      guard !isUsed[index], !members.contains(index), fits(glyph, glyphs[index]) else { return }
      let (dx, dy) = (glyphs[index].x - glyph.x, glyphs[index].y - glyph.y)
      let along = (dx * axis.x + dy * axis.y) * end
      let across = abs(dx * -axis.y + dy * axis.x)
      let large = max(glyph.size, glyphs[index].size)
      guard along > 0.2 * large, across <= 0.33 * large + 1 else { return }
      let rank = glyph.gap(to: glyphs[index]) + across
      if let best, (best.rank, best.index) <= (rank, index) { return }
      best = (rank, index)
    }
    return best?.index
  }

  /// The direction from the first to the last member; long lines then follow a slant closely.
  private func fitted(_ members: [Int], _ axis: (x: Double, y: Double)) -> (x: Double, y: Double) {
    guard let first = members.first, let last = members.last else { return axis }
    let (dx, dy) = (glyphs[last].x - glyphs[first].x, glyphs[last].y - glyphs[first].y)
    let length = (dx * dx + dy * dy).squareRoot()
    guard length > 0 else { return axis }
    return (dx / length, dy / length)
  }

  private func line(_ members: [Int]) -> TextLine {
    let chosen = members.map { glyphs[$0] }
    var direction = (x: 1.0, y: 0.0)
    if let first = chosen.first, let last = chosen.last, members.count > 1 {
      direction = fitted(members, direction)
      if first.x == last.x, first.y == last.y { direction = (1, 0) }
    } else if let only = chosen.first, only.component.height > only.component.width {
      direction = (0, 1)
    }
    return TextLine(glyphs: chosen, direction: direction)
  }

  /// How many letters that are not of the line stand around it.
  func clutter(around line: TextLine) -> Double {
    guard let bounds = line.bounds else { return 0 }
    let size = line.glyphs.reduce(0) { $0 + $1.size } / Double(line.glyphs.count)
    let (x, y) = (Double(bounds.left + bounds.right) / 2, Double(bounds.top + bounds.bottom) / 2)
    let (halfX, halfY) = (
      Double(bounds.right - bounds.left) / 2 + 1.5 * size, Double(bounds.bottom - bounds.top) / 2 + 1.5 * size
    )
    var count = 0
    near(x, y, max(halfX, halfY)) { index in
      if abs(glyphs[index].x - x) <= halfX, abs(glyphs[index].y - y) <= halfY { count += 1 }
    }
    return Double(count - line.glyphs.count)
  }
}

extension TextLine {
  /// The box around all letters, ends included; `nil` without letters.
  var bounds: (left: Int, top: Int, right: Int, bottom: Int)? {
    guard let first = glyphs.first?.component else { return nil }
    return glyphs.dropFirst().reduce((first.left, first.top, first.right, first.bottom)) { box, glyph in
      let part = glyph.component
      return (min(box.0, part.left), min(box.1, part.top), max(box.2, part.right), max(box.3, part.bottom))
    }
  }
}
