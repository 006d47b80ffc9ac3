import BatchProcessing
import TestSupport
import Testing

struct DebianVersionTests {
  /// Each list in rising order.
  static let rising: [[String]] = [
    ["3.6.7-9~deb12u1", "3.6.7-9~deb12u3", "3.6.7-9~deb12u4", "3.6.7-9~deb12u10", "3.6.7-9", "3.6.7-10", "3.6.9-1"],
    ["1.0~~", "1.0~~a", "1.0~", "1.0~rc1", "1.0", "1.0a", "1.0+b1", "1.0.1"],
    ["9:1", "10:0~", "10:0", "10:1"],
    ["1.6.39-2", "1.6.39-2+deb12u4", "1.6.39-2+deb12u6", "1.6.39-2+deb12u10", "1.6.40-1"],
    ["0.1.97-3", "0.1.97-3+b1", "0.1.97-4"],
    ["2-1", "2-1-1", "2.0", "10"],
    ["1.2.13.dfsg-1", "1:1.2.11.dfsg-1", "1:1.2.13.dfsg-1", "1:1.3.dfsg+really1.3.1-1+deb13u1"],
    ["0.3.21+ds-4", "0.3.21.1"],
    ["1.99999999999999999999999998", "1.99999999999999999999999999", "1.100000000000000000000000000"],
  ]

  @Test(arguments: rising)
  func `versions rise`(versions: [String]) throws {
    let parsed = try versions.map { try #require(DebianVersion($0)) }
    for (left, earlier) in parsed.enumerated() {
      for (right, later) in parsed.enumerated() {
        #expect((earlier < later) == (left < right), "\(earlier) \(later)")
        #expect((earlier == later) == (left == right), "\(earlier) \(later)")
      }
    }
  }

  @Test(arguments: [("1.0", "1.0-0"), ("0:1.0", "1.0"), ("1.01", "1.1"), ("1.0-", "1.0"), ("1a0", "1a")])
  func `versions are the same`(first: String, second: String) throws {
    #expect(try #require(DebianVersion(first)) == #require(DebianVersion(second)))
  }

  @Test(arguments: ["", "-1", ":", "a:1", "-1:1", "1:", "v1.0", "~1", "1.0 2", "1.0_2", "1,0", "1.0é", "1.0\n"])
  func `text that is no version is none`(text: String) {
    #expect(DebianVersion(text) == nil)
  }

  @Test func `the release without Debian's part`() {
    #expect(DebianVersion("1:1.2.13.dfsg-1")?.upstream == "1.2.13.dfsg")
    #expect(DebianVersion("3.6.7-9~deb12u4")?.upstream == "3.6.7")
    #expect(DebianVersion("2-1-1")?.upstream == "2-1")
  }

  @Test(.enabled(if: ExternalCommand("dpkg") != nil, "no dpkg here: versions are not compared with its own order"))
  func `the order is that of dpkg`() throws {
    let dpkg = try #require(ExternalCommand("dpkg"))
    var state: UInt64 = 11
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let parts = ["0", "1", "01", "9", "10", "~", "~~", "a", "Z", "+", ".", "-", "-0", "deb12u", "rc", "1:"]
    var compared = 0
    while compared < 150 {
      let texts = (0..<2).map { _ in String(next(3)) + (0..<next(6)).map { _ in parts[next(parts.count)] }.joined() }
      guard let first = DebianVersion(texts[0]), let second = DebianVersion(texts[1]) else { continue }
      // dpkg accepts what it warns of; only its verdict counts.
      let isLess = try dpkg.run(["--compare-versions", texts[0], "lt", texts[1]]).status
      let isEqual = try dpkg.run(["--compare-versions", texts[0], "eq", texts[1]]).status
      guard isLess <= 1, isEqual <= 1 else { continue }
      #expect((first < second) == (isLess == 0), "\(texts)")
      #expect((first == second) == (isEqual == 0), "\(texts)")
      compared += 1
    }
  }
}
