internal import DICOMCore
internal import DICOMFiles

/// Private and unknown elements, encodings, and what stands beside the data set.
extension CorpusBuilder {
  mutating func addStructures() throws {
    addPrivate()
    addUnknown()
    addUnlisted()
    addProvenance()
    addEnvelopes()
    addGraphics()
  }

  private mutating func addPrivate() {
    var object = object("structure/private.dcm", .mr, of: Self.doe)
    let creators: [(UInt32, String)] = [
      (0x0009_0000, "ACME 1.1"), (0x0011_0000, "SIEMENS MR HEADER"), (0x0013_0000, "GEMS_PARM_01"),
      (0x0015_0000, "Philips MR Imaging DD 001"), (0x0029_0000, "SIEMENS CSA HEADER"),
    ]
    for (group, creator) in creators { addBlock(group, creator, &object) }
    // Blocks of safe attributes, of another kind than they should be.
    object.set(0x0019_0010, "LO", "SIEMENS MR HEADER")
    object.set(0x0019_100C, "IS", planted("(0019,100C)", .private))
    object.set(0x0019_100D, "CS", planted("(0019,100D)", .private))
    object.set(0x0019_1027, "UN", bytes: Array(planted("(0019,1027)", .private).utf8))
    object.set(0x0043_0011, "LO", "GEMS_PARM_01")
    object.set(0x0043_1139, "LO", "1000\\" + planted("(0043,1139)", .private))
    // A creator that is a name, blocks that nobody has reserved, and a creator that is one again below.
    object.set(0x0035_0010, "LO", planted("(0035,0010)", .private))
    object.set(0x0037_1001, "LO", planted("(0037,1001)", .private))
    object.set(0x0039_0001, "LO", planted("(0039,0001)", .private))
    object.set(0x0041_0010, "UN", bytes: Array(planted("(0041,0010)", .private).utf8))
    object.set(0x0045_0010, "LO", "SIEMENS MR HEADER")
    object.set(0x0045_100C, "IS", planted("(0045,100C)", .private))
    var item = Draft()
    addBlock(0x0009_0000, "ACME 1.1", &item, "(0008,2218)[].")
    object.set(0x0008_2218, items: [item])
    // Private Data Element Characteristics, which say what creators' attributes mean.
    var block = Draft()
    block.set(0x0008_0301, words: [9])
    block.set(0x0008_0302, "LO", planted("(0008,0300)[].(0008,0302)"))
    block.set(0x0008_0303, "CS", "SAFE")
    object.set(0x0008_0300, items: [block])
    add(object, .mr)
  }

  private mutating func addBlock(_ group: UInt32, _ creator: String, _ object: inout Draft, _ parent: String = "") {
    object.set(group | 0x10, "LO", creator)
    for (index, vr) in ["LO", "PN", "UN", "OB", "UT", "UI", "DA", "SH"].enumerated() {
      let tag = group | 0x1001 + UInt32(index)
      let place = parent + Self.place(tag)
      switch vr {
      case "UI": object.set(tag, vr, noted(uid(), place, .private))
      case "DA": object.set(tag, vr, noted("19701224", place, .private))
      default: object.set(tag, vr, bytes: Array(planted(place, .private).utf8))
      }
    }
    var item = Draft()
    item.set(0x0010_0010, "PN", planted(parent + Self.place(group | 0x1020, 0x0010_0010), .private))
    object.set(group | 0x1020, items: [item])
  }

  /// Sequences that are written as unknown values, and values of which nobody knows the kind.
  private mutating func addUnknown() {
    var object = object("structure/unknown.dcm", .ct, of: Self.doe)
    for (tag, hasLengths) in [
      (0x0040_0275 as UInt32, true), (0x0008_1140, false), (0x0054_0220, true), (0x0018_9346, false),
    ] {
      var deepest = Draft()
      deepest.set(0x0010_0010, "PN", planted(Self.place(tag, 0x0008_2218, 0x0010_0010), .un))
      var item = Draft()
      item.set(0x0008_2218, items: [deepest], hasLengths: hasLengths)
      item.set(0x0010_4000, "LT", planted(Self.place(tag, 0x0010_4000), .un))
      object.set(tag, items: [item], vr: "UN", hasLengths: hasLengths)
    }
    let unknown: [UInt32] = [
      0x0010_1040, 0x0008_0081, 0x0020_4000, 0x0032_1060, 0x0018_9FFF, 0x0022_FFF0, 0x0072_0FFF,
    ]
    for tag in unknown { object.set(tag, "UN", bytes: Array(planted(Self.place(tag), .un).utf8)) }
    add(object, .ct)
  }

  /// Attributes that Table E.1-1 does not list, one or more of every VR.
  private mutating func addUnlisted() {
    var object = object("structure/unlisted.dcm", .ct, of: Self.doe)
    let texts: [(UInt32, String)] = [
      (0x0018_0015, "CS"), (0x0018_1041, "DS"), (0x0020_0011, "IS"), (0x0028_1055, "LO"), (0x0018_1160, "SH"),
      (0x0018_1400, "LO"), (0x0040_0310, "ST"), (0x0088_0904, "LO"), (0x0008_2111, "ST"), (0x0040_A084, "CS"),
      (0x0054_0400, "SH"), (0x0066_0036, "LO"), (0x3002_0003, "LO"), (0x0072_0004, "LO"), (0x0018_9004, "CS"),
      (0x0008_0220, "UT"), (0x0044_0004, "ST"), (0x0048_0107, "ST"), (0x0062_0006, "ST"), (0x0028_3003, "LO"),
      (0x2050_0020, "CS"), (0x0022_1009, "CS"), (0x300A_0003, "ST"), (0x300A_00C3, "ST"), (0x0018_9801, "LO"),
      (0x0040_0281, "ST"), (0x0074_1002, "LO"), (0x0014_0023, "CS"), (0x2200_0002, "UT"), (0x0070_0081, "LO"),
    ]
    for (tag, vr) in texts {
      // In codes, numbers and settings of devices nothing but what is known of the patient tells who it is.
      let isCode = ["CS", "DS", "IS"].contains(vr) || [0x0018_1160, 0x0066_0036].contains(tag)
      object.set(
        tag, vr, isCode ? "MRN-4711-88" : "Seen " + planted(Self.place(tag)) + " and Quillfeather, MRN 4711 88")
    }
    for (tag, vr) in [
      (0x0028_2000 as UInt32, "OB"), (0x0028_1201, "OW"), (0x0028_1202, "OW"), (0x0028_3006, "OW"), (0x0066_0016, "OF"),
      (0x0400_0520, "OB"), (0x0400_0120, "OB"), (0x0018_9810, "OB"), (0x0066_0022, "OD"), (0x0066_0040, "OL"),
      (0x0042_0011, "OB"), (0x5400_1010, "OW"), (0x0028_0453, "OB"),
    ] {
      object.set(tag, vr, bytes: Array((planted(Self.place(tag)) + planted(Self.place(tag))).utf8))
    }
    object.set(0x0008_010C, "UI", noted(uid(), "(0008,010C)", .uid))
    object.set(0x0020_0052, "UI", noted("1.2.840.10008.4711.100200.3", "(0020,0052)", .uid))
    object.set(0x0020_9161, "UI", noted("2.25.177129388112233445566778899001122334455", "(0020,9161)", .uid))
    object.set(0x0018_1023, "LO", "3 digits " + planted("(0018,1023)"))
    add(object, .ct)
  }

  /// What says where an object came from and who changed or signed it, and retired attributes.
  private mutating func addProvenance() {
    var object = object("structure/provenance.dcm", .cr, of: Self.roe)
    let sequences: [UInt32] = [
      0x0400_0561, 0x0400_0550, 0xFFFA_FFFA, 0x0400_0500, 0x0018_A001, 0x0040_0275, 0x0400_0402, 0x0040_A390,
      0x0008_1115,
      0x0008_2112, 0x0040_0260, 0x0088_0200, 0x0008_1250, 0x0040_9096, 0x0008_1084, 0x0032_1064, 0x0008_1199,
    ]
    for tag in sequences {
      var deepest = Draft()
      for inner in [0x0010_0010 as UInt32, 0x0010_0020, 0x0008_0080, 0x0008_1030, 0x0400_0563, 0x0400_0115] {
        let (vr, place) = (
          inner == 0x0010_0010 ? "PN" : inner == 0x0400_0115 ? "OB" : "LO", Self.place(tag, 0x0400_0550, inner)
        )
        deepest.set(inner, vr, bytes: Array(planted(place).utf8))
      }
      var item = Draft()
      item.set(0x0400_0550, items: [deepest])
      item.set(0x0008_1155, "UI", noted(uid(), Self.place(tag, 0x0008_1155), .uid))
      item.set(0x0400_0564, "LO", planted(Self.place(tag, 0x0400_0564)))
      item.set(0x0008_0104, "LO", planted(Self.place(tag, 0x0008_0104)))
      object.set(tag, items: [item])
    }
    // Retired: comments, locations, identifiers, library names, old studies' descriptions.
    for tag in [
      0x0008_4000 as UInt32, 0x0010_1050, 0x0020_3401, 0x0032_1020, 0x0032_4000, 0x0038_0040, 0x0040_2001, 0x4000_4000,
      0x4008_0040, 0x4008_010B, 0x4008_0115, 0x4008_0200, 0x4008_0212, 0x4008_4000, 0x0028_0040, 0x0028_4000,
      0x0018_9073, 0x0038_0030, 0x4000_0010, 0x0008_0001, 0x0010_1090, 0x0020_1070,
    ] {
      // Codes are kept but for what is known of the patient.
      guard let vr = AttributeDictionary.vr(Tag(UInt16(tag >> 16), UInt16(truncatingIfNeeded: tag))), vr != .cs,
        let element = element(vr, Self.place(tag))
      else { continue }
      object.set(tag, element)
    }
    add(object, .cr)
  }

  private mutating func addEnvelopes() {
    for (name, encoding) in [
      ("explicit", Draft.Encoding.explicit), ("implicit", .implicit), ("big-endian", .bigEndian),
    ] {
      var object = object("structure/around-\(name).dcm", .mr, of: Self.roe)
      var envelope = Draft.Envelope(encoding: encoding)
      envelope.preamble = Array((planted("preamble", .preamble) + " " + planted("preamble", .preamble)).utf8)
      for (tag, vr) in [
        (0x0002_0013 as UInt32, "SH"), (0x0002_0016, "AE"), (0x0002_0017, "AE"), (0x0002_0018, "AE"),
        (0x0002_0026, "UR"), (0x0002_0102, "OB"), (0x0002_0035, "SH"),
      ] {
        envelope.meta.set(tag, vr, planted(Self.place(tag), .meta))
      }
      envelope.meta.set(0x0002_0012, "UI", noted(uid(), "(0002,0012)", .meta))
      envelope.meta.set(0x0002_0100, "UI", noted(uid(), "(0002,0100)", .meta))
      object.set(0x0008_1030, "LO", bytes: Array((planted("(0008,1030)") + "x").utf8))
      object.set(0xFFFC_FFFC, "OB", bytes: Array(planted("(FFFC,FFFC)", .padding).utf8))
      object.set(0x0008_0000, "UL", bytes: Draft.number(77, 4))
      add(object, .mr, envelope)
    }
    var bare = object("structure/bare.dcm", .ct, of: Self.roe)
    bare.set(0x0008_1030, "LO", planted("(0008,1030)"))
    add(bare, .ct, Draft.Envelope(encoding: .implicit, preamble: nil))
  }

  /// With the bytes of each 16-bit word in either order.
  private static func forms(ofWords text: String) -> [[UInt8]] {
    let bytes = Array(text.utf8)
    return CorpusMarker.forms(of: text) + [
      stride(from: 0, to: bytes.count, by: 2).flatMap { [bytes[$0 + 1], bytes[$0]] }
    ]
  }

  /// Overlays, curves, icons, bits beside the samples and bytes behind them.
  private mutating func addGraphics() {
    for (name, encoding) in [("little", Draft.Encoding.explicit), ("big", .bigEndian)] {
      var object = object("structure/graphics-\(name).dcm", .ct, of: Self.roe)
      for group in [0x6000_0000 as UInt32, 0x6002_0000, 0x601E_0000, 0x5000_0000, 0x5010_0000, 0x6001_0000] {
        for (element, vr) in [(0x0022 as UInt32, "LO"), (0x0040, "CS"), (0x1500, "LO"), (0x3000, "OW"), (0x4000, "LT")]
        {
          let word = word()
          note(word, Self.place(group | element), .overlay, forms: Self.forms(ofWords: word))
          object.set(group | element, vr, bytes: Array(word.utf8))
        }
        object.set(group | 0x0100, words: [16])
        object.set(group | 0x0102, words: [12])
      }
      var icon = Draft()
      icon.setPixels(
        rows: 4, columns: 4, bits: (8, 8), samples: Array((planted("(0088,0200)[].(7FE0,0010)") + "12345678").utf8))
      object.set(0x0088_0200, items: [icon])
      // Letters in the four bits that no sample uses, two for each, and a word behind the last sample.
      let (hidden, behind) = (word(), word())
      let letters = Array((hidden + hidden).utf8).flatMap { [$0 >> 4, $0 & 15] }
      var samples = [UInt8](repeating: 0, count: 512)
      for index in 0..<256 { samples[2 * index + 1] = letters[index % letters.count] << 4 | 1 }
      let high = letters.flatMap { [0, $0 << 4 | 1] as [UInt8] }
      note(hidden, "(7FE0,0010) unused bits", .overlay, forms: [high, Array(high.dropFirst())])
      note(behind, "(7FE0,0010) behind the samples", .padding, forms: Self.forms(ofWords: behind))
      object.set(0x7FE0_0010, "OW", bytes: samples + Array(behind.utf8))
      add(object, .ct, Draft.Envelope(encoding: encoding))
    }
  }
}
