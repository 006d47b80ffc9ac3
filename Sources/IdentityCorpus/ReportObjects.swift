/// Structured reports: content items of every kind with a value that tells something.
extension CorpusBuilder {
  private static let teller = CorpusPatient(
    number: 4, name: "Wintergreen^Lavinia", id: "WG-3300-01", birthDate: "19830527", studyDate: "20220413")

  mutating func addReports() {
    for (index, kind) in [ObjectKind.comprehensiveSR, .basicTextSR, .doseSR].enumerated() {
      var object = object("reports/\(kind.rawValue).dcm", kind, of: Self.teller)
      object.set(0x0040_A040, "CS", "CONTAINER")
      object.set(0x0040_A043, items: [.code("126000", "DCM", "Imaging Measurement Report")])
      object.set(0x0040_A050, "CS", "SEPARATE")
      object.set(0x0040_A491, "CS", "COMPLETE")
      object.set(0x0040_A493, "CS", "VERIFIED")
      object.set(0x0040_A032, "DT", "20220413101500")
      var observer = Draft()
      observer.set(0x0040_A075, "PN", planted("(0040,A073)[].(0040,A075)", .sr))
      observer.set(0x0040_A027, "LO", planted("(0040,A073)[].(0040,A027)", .sr))
      observer.set(0x0040_A030, "DT", "20220413101500")
      object.set(0x0040_A073, items: [observer])
      let measured = container("125007", "DCM", "Measurement Group", content(depth: 2))
      object.set(0x0040_A730, items: content(depth: 1) + (index == 0 ? freeText() : []) + [measured])
      add(object, kind, Draft.Envelope(encoding: index == 1 ? .implicit : .explicit))
    }
  }

  private func container(_ code: String, _ scheme: String, _ meaning: String, _ items: [Draft]) -> Draft {
    var container = item("CONTAINER", .code(code, scheme, meaning))
    container.set(0x0040_A730, items: items)
    return container
  }

  private func item(_ type: String, _ concept: Draft) -> Draft {
    var item = Draft()
    item.set(0x0040_A010, "CS", "CONTAINS")
    item.set(0x0040_A040, "CS", type)
    item.set(0x0040_A043, items: [concept])
    return item
  }

  private mutating func content(depth: Int) -> [Draft] {
    let path = String(repeating: "(0040,A730)[].", count: depth)
    func with(_ item: Draft, _ change: (inout Draft) -> Void) -> Draft {
      var changed = item
      change(&changed)
      return changed
    }
    let texts: [(String, String, String)] = [
      ("121106", "DCM", "Comment"), ("121071", "DCM", "Finding"), ("121022", "DCM", "Accession Number"),
      ("112040", "DCM", "Tracking Unique Identifier"), ("99Z", "99SITE", "Site remark"),
      ("121030", "DCM", "Subject ID"),
      ("121012", "DCM", "Device Observer UID"), ("121013", "DCM", "Device Observer Name"), ("113515", "DCM", "Station"),
    ]
    var items = texts.map { code, scheme, meaning in
      let text = planted(path + "(0040,A160) \(code)@\(scheme)@TEXT", .sr) + " of Lavinia Wintergreen"
      return with(item("TEXT", .code(code, scheme, meaning))) { $0.set(0x0040_A160, "UT", text) }
    }
    let name = planted(path + "(0040,A123)", .sr)
    for code in ["121008", "121029", "99P"] {
      items.append(with(item("PNAME", .code(code, "DCM", "Person"))) { $0.set(0x0040_A123, "PN", name) })
    }
    for (type, tag, vr, text) in [
      ("DATE", 0x0040_A121 as UInt32, "DA", "20220413"), ("DATETIME", 0x0040_A120, "DT", "20220413101500"),
    ] {
      note("20220413", path + Self.place(tag), .date)
      items.append(with(item(type, .code("111526", "DCM", "Started"))) { $0.set(tag, vr, text) })
      items.append(with(item(type, .code("99D", "99SITE", "Moment"))) { $0.set(tag, vr, text) })
    }
    for code in ["112040", "121012", "99U"] {
      let uid = noted(uid(), path + "(0040,A124)", .uid)
      items.append(with(item("UIDREF", .code(code, "DCM", "UID"))) { $0.set(0x0040_A124, "UI", uid) })
    }
    let (meaning, concept, unit, value) = (
      planted(path + "(0040,A168)[].(0008,0104)", .sr), planted(path + "(0040,A043)[].(0008,0104)", .sr),
      planted(path + "(0040,A300)[].(0040,08EA)[].(0008,0104)", .sr), planted(path + "(0040,A300)[].(0040,A30A)", .sr)
    )
    items.append(
      with(item("CODE", .code("121071", "DCM", "Finding"))) {
        $0.set(0x0040_A168, items: [.code("99C", "99SITE", meaning)])
      })
    items.append(
      with(item("CODE", .code("99N", "99SITE", concept))) {
        $0.set(0x0040_A168, items: [.code("T-D4000", "SRT", "Abdomen")])
      })
    var number = Draft()
    number.set(0x0040_A30A, "DS", value)
    number.set(0x0040_08EA, items: [.code("99mm", "99SITE", unit)])
    items.append(with(item("NUM", .code("410668003", "SCT", "Length"))) { $0.set(0x0040_A300, items: [number]) })
    var reference = Draft()
    reference.set(0x0008_1150, "UI", ObjectKind.ct.sopClass)
    reference.set(0x0008_1155, "UI", noted(uid(), path + "(0008,1199)[].(0008,1155)", .uid))
    items.append(
      with(item("IMAGE", .code("121080", "DCM", "Best illustration"))) { $0.set(0x0008_1199, items: [reference]) })
    return items
  }

  /// Text under every concept of no list: sentences with names and numbers.
  private mutating func freeText() -> [Draft] {
    (0..<4).map { index in
      var remark = item("TEXT", .code("12107\(index)", "DCM", "Finding"))
      let name = planted("(0040,A730)[].(0040,A160)", .sr)
      remark.set(
        0x0040_A160, "UT",
        "Mrs. \(name), born 27 May 1983, seen in chest image by Dr. \(planted("(0040,A730)[].(0040,A160)", .sr))")
      return remark
    }
  }
}
