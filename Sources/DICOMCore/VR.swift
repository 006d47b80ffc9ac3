/// The value representation of a data element (PS3.5 6.2).
package enum VR: String, Sendable, CaseIterable {
  case ae = "AE", `as` = "AS", at = "AT", cs = "CS", da = "DA", ds = "DS", dt = "DT", fl = "FL", fd = "FD"
  case `is` = "IS", lo = "LO", lt = "LT", ob = "OB", od = "OD", of = "OF", ol = "OL", ov = "OV", ow = "OW", pn = "PN"
  case sh = "SH", sl = "SL", sq = "SQ", ss = "SS", st = "ST", sv = "SV", tm = "TM", uc = "UC", ui = "UI", ul = "UL"
  case un = "UN", ur = "UR", us = "US", ut = "UT", uv = "UV"

  /// Values of these are text without a backslash as separator: always one value (PS3.5 6.4).
  package var isSingleText: Bool {
    switch self {
    case .lt, .st, .ut, .ur: true
    default: false
    }
  }
}

extension VR {
  /// From the two letters of Explicit VR (PS3.5 7.1.2); `nil` for others.
  package init?(_ first: UInt8, _ second: UInt8) {
    guard (0x41...0x5A).contains(first), (0x41...0x5A).contains(second),
      let vr = Self.byLetters[26 * Int(first - 0x41) + Int(second - 0x41)]
    else { return nil }
    self = vr
  }

  /// The two letters as they stand in a file, the first in the high byte.
  package var letters: UInt16 { rawValue.utf8.reduce(0) { $0 << 8 | UInt16($1) } }

  private static let byLetters: [VR?] = {
    var table = [VR?](repeating: nil, count: 26 * 26)
    for vr in allCases {
      let letters = Array(vr.rawValue.utf8)
      table[26 * Int(letters[0] - 0x41) + Int(letters[1] - 0x41)] = vr
    }
    return table
  }()
}
