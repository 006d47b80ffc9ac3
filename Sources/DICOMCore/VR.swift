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
