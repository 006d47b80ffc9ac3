internal import DICOMCore

/// Collects files and markers.
struct CorpusBuilder {
  private(set) var files: [IdentityCorpus.File] = []
  private(set) var markers: [CorpusMarker] = []
  private var serial = 0
  private var objects = 0
  /// The file that is being planted.
  private(set) var input = ""

  // MARK: - Markers

  /// A word that no other place of the corpus has, of letters alone: nothing but a search for it could know it.
  mutating func word() -> String {
    serial += 1
    var (rest, word) = (serial * 7919 % 1_000_000, "Zq")
    for _ in 0..<3 {
      let syllable = rest % 100
      word.append(Array("bdfghjklmnprstvwxzcy")[syllable / 5])
      word.append(Array("aeiou")[syllable % 5])
      rest /= 100
    }
    return word
  }

  /// A UID that no other place has.
  mutating func uid() -> String {
    serial += 1
    return "1.2.826.0.1.3680043.77.\(serial).5"
  }

  /// Days so far apart that none becomes another one by any shift.
  static let dates = [
    "19310314", "19440620", "19571105", "19700823", "19830527", "19961029", "20090716", "20220413",
  ]

  /// A day and the second that no other place has.
  mutating func dateTime() -> String {
    serial += 1
    let second = serial % 86400
    return Self.dates[serial % 8]
      + [second / 3600, second / 60 % 60, second % 60].map { String(100 + $0).dropFirst() }.joined()
  }

  /// Notes what was planted; every form of bytes that is found again counts.
  mutating func note(_ marker: String, _ place: String, _ kind: CorpusMarker.Kind, forms: [[UInt8]]? = nil) {
    markers.append(
      CorpusMarker(
        marker: marker, input: input, place: place, kind: kind,
        bytes: (forms ?? CorpusMarker.forms(of: marker)).map(CorpusMarker.hexadecimal), frame: nil, region: nil))
  }

  mutating func note(pixels text: String, frame: Int, region: [Int]) {
    markers.append(
      CorpusMarker(
        marker: text, input: input, place: "(7FE0,0010)", kind: .pixels, bytes: [], frame: frame, region: region))
  }

  /// A new word that is noted at once.
  mutating func planted(_ place: String, _ kind: CorpusMarker.Kind = .text) -> String {
    let word = word()
    note(word, place, kind)
    return word
  }

  // MARK: - Files

  mutating func begin(_ path: String) { input = path }

  mutating func add(_ bytes: [UInt8], refusal: String? = nil) {
    files.append(IdentityCorpus.File(path: input, bytes: bytes, refusal: refusal))
  }

  /// Writes an object that was made with ``object(_:_:)``.
  mutating func add(_ object: Draft, _ kind: ObjectKind, _ envelope: Draft.Envelope = .init(), refusal: String? = nil) {
    add(
      object.file(sopClass: kind.sopClass, instance: "1.2.826.0.1.3680043.76.\(objects).3", envelope), refusal: refusal)
  }

  /// The data set of a new object in the file `path`, with what says whose it is.
  mutating func object(_ path: String, _ kind: ObjectKind, of patient: CorpusPatient) -> Draft {
    begin(path)
    objects += 1
    var object = kind.dataSet()
    let uids: [(UInt32, String)] = [
      (0x0008_0018, "1.2.826.0.1.3680043.76.\(objects).3"),
      (0x0020_000D, "1.2.826.0.1.3680043.75.\(patient.number).1"), (0x0020_000E, "1.2.826.0.1.3680043.76.\(objects).2"),
    ]
    for (tag, uid) in uids {
      object.set(tag, "UI", uid)
      note(uid, Self.place(tag), .uid)
    }
    for (tag, vr, text) in patient.attributes where !text.isEmpty {
      object.set(tag, vr, text)
      note(text, Self.place(tag), vr == "DA" ? .date : .text, forms: vr == "DA" ? [Array(text.utf8)] : nil)
    }
    for part in patient.name.split(separator: "^") { note(String(part), "(0010,0010)", .text) }
    return object
  }

  static func place(_ tags: UInt32...) -> String {
    tags.map { Tag(UInt16($0 >> 16), UInt16(truncatingIfNeeded: $0)).description }.joined(separator: "[].")
  }
}

/// Somebody who does not exist, and one study.
struct CorpusPatient {
  let number: Int
  let name: String
  let id: String
  let birthDate: String
  let studyDate: String

  var attributes: [(tag: UInt32, vr: String, text: String)] {
    [
      (0x0010_0010, "PN", name), (0x0010_0020, "LO", id), (0x0010_0030, "DA", birthDate),
      (0x0008_0020, "DA", studyDate),
    ]
  }
}
