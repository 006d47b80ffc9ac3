/// The same person in many spellings, where nobody looks: in codes, comments, explanations, names of files and folders.
extension CorpusBuilder {
  mutating func addIdentifiers() {
    addSpellings()
    addNumbers()
    addComments()
    addNeighbours()
  }

  private mutating func addSpellings() {
    let spellings = [
      "Quillfeather^Ottoline", "QUILLFEATHER, OTTOLINE", "Ottoline Quillfeather", "ottolinequillfeather",
      "QuillfeatherOttoline",
      "Quillfeather-Ottoline", "O. Quillfeather", "Quillfeather_Ottoline_Zsazsa", "the Quillfeathers' girl",
      "xQuillfeatherx", "MRN471188", "MRN 4711 88", "mrn_4711_88", "MRN/4711/88", "mrn 4711-88", "MRN-4711-88/2",
      "MRN.4711.88",
    ]
    // Attributes that describe how an image was made, whose text stays.
    let places: [(UInt32, String)] = [
      (0x0008_0070, "LO"), (0x0008_1090, "LO"), (0x0018_1020, "LO"), (0x0018_0024, "SH"), (0x0018_1250, "SH"),
      (0x0018_1210, "SH"), (0x0028_1054, "LO"), (0x0018_9005, "SH"), (0x0054_1103, "LO"), (0x0018_1160, "SH"),
      (0x0018_1251, "SH"), (0x0018_1400, "LO"), (0x0054_1101, "LO"), (0x0018_0031, "LO"), (0x0018_1000, "LO"),
      (0x0040_0310, "ST"), (0x0008_2111, "ST"),
    ]
    for (number, shift) in [0, 6, 12].enumerated() {
      var object = object("QUILLFEATHER_OTTOLINE/MRN471188/Ottoline-\(number).dcm", .ct, of: Self.doe)
      for part in ["QUILLFEATHER_OTTOLINE", "MRN471188", "Ottoline-\(number)"] { note(part, "path", .path) }
      for (index, (tag, vr)) in places.enumerated() {
        let text = spellings[(index + shift) % spellings.count]
        object.set(tag, vr, text)
        note(text, Self.place(tag), .text, forms: [Array(text.utf8)])
      }
      object.set(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\QUILLFEATHER\\MRN-4711-88")
      object.set(0x0018_0015, "CS", number == 0 ? "OTTOLINE" : "CHEST")
      object.set(0x0018_5101, "CS", "MRN471188")
      object.set(0x0028_1055, "LO", "Lung\\Quillfeather\\" + planted("(0028,1055)"))
      for (tag, text) in [
        (0x0008_0008 as UInt32, "QUILLFEATHER"), (0x0008_0008, "MRN-4711-88"), (0x0018_5101, "MRN471188"),
      ] {
        note(text, Self.place(tag), .text)
      }
      var code = Draft.code("99Q", "99SITE", "Room of " + planted("(0008,2218)[].(0008,0104)"))
      code.set(0x0008_0119, "UC", "Quillfeather")
      object.set(0x0008_2218, items: [code, .code("69536005", "SCT", "Head of Ottoline Quillfeather")])
      note("Quillfeather", "(0008,2218)[].(0008,0119)", .text)
      add(object, .ct)
    }
  }

  /// An identifier of digits alone, in numbers, times and ages.
  private mutating func addNumbers() {
    var object = object("identity/digits.dcm", .ct, of: Self.roe)
    let places: [(UInt32, String, String)] = [
      (0x0018_1130, "DS", "48151623"), (0x0020_0011, "IS", "48151623"), (0x0020_0012, "IS", "48151623"),
      (0x0018_1100, "DS", "481.51623"), (0x0018_9074, "DT", "48151623"), (0x0018_1072, "TM", "481516.23"),
      (0x0010_1010, "AS", "4815"), (0x0018_1063, "DS", "48151623.0"), (0x0028_0030, "DS", "1\\48151623"),
      (0x0018_1020, "LO", "VB48151623"), (0x0018_1090, "IS", "4815"), (0x0020_0013, "IS", "48151623"),
    ]
    for (tag, vr, text) in places {
      object.set(tag, vr, text)
      // Four digits may be any number.
      if text.contains("48151623") { note("48151623", Self.place(tag), .text) }
    }
    add(object, .ct)
  }

  private mutating func addComments() {
    var object = object("identity/comments.dcm", .dx, of: Self.roe)
    let comments: [(UInt32, String, [String])] = [
      (
        0x0020_4000, "Call Mr. Brambleworth at +49 (89) 5551-2345 or mail p.brambleworth@example.org",
        ["5551-2345", "p.brambleworth"]
      ),
      (0x0018_1400, "done 20.06.1944 for P Brambleworth", ["20.06.1944"]),
      (0x0018_9423, "13 April 2022, Dr. Hollingsbury", ["Hollingsbury"]),
      (0x0040_0310, "born 1944-06-20; phone 089 5551 2346", ["1944-06-20", "5551 2346"]),
      (0x0008_2111, "see http://pacs.hollingsbury.example/48151623", ["pacs.hollingsbury"]),
      (0x0018_5105, "BRAMBLEWORTH PEREGRINE 06/20/1944 M", ["06/20/1944"]),
      (0x0028_1055, "20 Jun 1944", ["20 Jun 1944"]),
      (0x0088_0906, "Jun 20, 1944, id 48151623", ["Jun 20, 1944"]),
      (0x0018_1030, "for Frau Hollingsbury, 19440620", ["19440620"]),
      (0x0018_1160, "19440620", ["19440620"]),
    ]
    for (tag, text, telling) in comments {
      object.set(tag, "LT", text)
      for part in telling { note(part, Self.place(tag), part == "19440620" ? .date : .text) }
    }
    add(object, .dx)
  }

  /// Two patients with one ID from different issuers, and somebody else's name in an item.
  private mutating func addNeighbours() {
    for (number, issuer) in ["Hollowmere Clinic", "Saint Ibolya"].enumerated() {
      let patient = CorpusPatient(
        number: 20 + number, name: "Thistlewick^Cosima\(number == 0 ? "" : "^Jolanda")", id: "AB-9000-17",
        birthDate: "19571105",
        studyDate: "20220413")
      var object = object("identity/issuer-\(number).dcm", .mr, of: patient)
      object.set(0x0010_0021, "LO", issuer)
      note(issuer, "(0010,0021)", .text)
      var other = Draft()
      other.set(0x0010_0010, "PN", planted("(0010,1002)[].(0010,0010)"))
      other.set(0x0010_0020, "LO", planted("(0010,1002)[].(0010,0020)"))
      object.set(0x0010_1002, items: [other])
      add(object, .mr)
    }
  }
}
