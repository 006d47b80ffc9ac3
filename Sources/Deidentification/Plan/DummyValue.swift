internal import DICOMCore

/// Values that say nothing and are valid under their VR (PS3.15 E.1.1, action D).
enum DummyValue {
  static func bytes(_ tag: Tag, _ vr: VR) -> [UInt8] {
    if tag == Tag(0x0008, 0x0102) { return Array("99ANON".utf8) }
    switch vr {
    case .ae, .lo, .lt, .pn, .sh, .st, .uc, .ut, .cs: return Array("ANONYMIZED".utf8)
    case .as: return Array("000Y".utf8)
    case .da: return Array("19000101".utf8)
    case .dt: return Array("19000101000000".utf8)
    case .tm: return tag == Tag(0x0008, 0x0201) ? Array("+0000".utf8) : Array("000000".utf8)
    case .ds, .is: return Array("0".utf8)
    case .ur: return Array("urn:uuid:00000000-0000-0000-0000-000000000000".utf8)
    case .ui: return Array("2.25.0".utf8)
    case .us, .ss, .ow, .ob: return [0, 0]
    case .at, .ul, .sl, .fl, .ol, .of, .un: return [0, 0, 0, 0]
    case .fd, .od, .ov, .sv, .uv: return [0, 0, 0, 0, 0, 0, 0, 0]
    case .sq: return []
    }
  }
}
