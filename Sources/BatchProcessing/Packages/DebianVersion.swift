/// The version of a Debian package, ordered as `dpkg` does (deb-version(7), Debian Policy 5.6.12).
///
/// `[epoch:]upstream[-revision]`. Runs of other characters and runs of digits are compared in turn: digits by value, the
/// others with letters before all else and `~` before everything, even the end. `1.0~rc1` comes before `1.0`.
package struct DebianVersion: Sendable, Comparable, CustomStringConvertible {
  package let description: String
  private let epoch: Int
  private let upstreamVersion: Substring
  private let revision: Substring

  /// - Returns: `nil` for text that is no version: empty, an epoch that is no number, or a character that none has.
  package init?(_ text: String) {
    var rest = text[...]
    var epoch = 0
    if let colon = rest.firstIndex(of: ":") {
      guard let number = Int(rest[..<colon]), number >= 0 else { return nil }
      epoch = number
      rest = rest[rest.index(after: colon)...]
    }
    let hyphen = rest.lastIndex(of: "-")
    upstreamVersion = rest[..<(hyphen ?? rest.endIndex)]
    revision = hyphen.map { rest[rest.index(after: $0)...] } ?? ""
    self.epoch = epoch
    description = text
    guard upstreamVersion.utf8.first.map(Self.isDigit) == true, rest.utf8.allSatisfy(Self.isAllowed) else { return nil }
  }

  /// The version of the program itself, without what Debian adds.
  package var upstream: String { String(upstreamVersion) }

  package static func < (lhs: DebianVersion, rhs: DebianVersion) -> Bool { order(lhs, rhs) < 0 }

  /// Equal in order: `1.0` and `1.0-0` are one version.
  package static func == (lhs: DebianVersion, rhs: DebianVersion) -> Bool { order(lhs, rhs) == 0 }

  /// Below 0 when `lhs` is the earlier one.
  private static func order(_ lhs: DebianVersion, _ rhs: DebianVersion) -> Int {
    if lhs.epoch != rhs.epoch { return lhs.epoch < rhs.epoch ? -1 : 1 }
    let upstream = order(lhs.upstreamVersion.utf8[...], rhs.upstreamVersion.utf8[...])
    return upstream == 0 ? order(lhs.revision.utf8[...], rhs.revision.utf8[...]) : upstream
  }

  private static func order(_ lhs: Substring.UTF8View, _ rhs: Substring.UTF8View) -> Int {
    var (left, right) = (lhs, rhs)
    while !left.isEmpty || !right.isEmpty {
      while left.first.map(isDigit) == false || right.first.map(isDigit) == false {
        let (first, second) = (weight(left.first), weight(right.first))
        guard first == second else { return first - second }
        left = left.dropFirst()
        right = right.dropFirst()
      }
      let (first, second) = (takeNumber(&left), takeNumber(&right))
      if first.count != second.count { return first.count - second.count }
      if !first.elementsEqual(second) { return first.lexicographicallyPrecedes(second) ? -1 : 1 }
    }
    return 0
  }

  /// The place of a character that is no digit; a digit and the end stand between `~` and the letters.
  private static func weight(_ byte: UInt8?) -> Int {
    guard let byte, !isDigit(byte) else { return 0 }
    if byte == UInt8(ascii: "~") { return -1 }
    return isLetter(byte) ? Int(byte) : Int(byte) + 256
  }

  /// Digits without leading zeros, however many there are.
  private static func takeNumber(_ text: inout Substring.UTF8View) -> Substring.UTF8View {
    let digits = text.prefix(while: isDigit)
    text = text[digits.endIndex...]
    return digits.drop { $0 == UInt8(ascii: "0") }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    isDigit(byte) || isLetter(byte) || ".+-~:".utf8.contains(byte)
  }
}
