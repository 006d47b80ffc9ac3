/// Names in every character set, and the same names elsewhere in the study in another one.
///
/// The bytes were made with Python's codecs and, for ISO 2022, by hand after PS3.5 annexes H to K.
private struct NameSample {
  let number: Int
  let terms: String
  /// In the character set, in hexadecimal.
  let bytes: String
  /// The same in Unicode.
  let name: String
  /// Forms without the letters that only this script has.
  var latin: [String] = []

  static let all = [
    NameSample(
      number: 40, terms: "ISO_IR 100", bytes: "4272fc636b6df66c6c65725e4af67267656e", name: "Brückmöller^Jörgen",
      latin: ["Bruckmoller", "Brueckmoeller", "Joergen"]),
    NameSample(
      number: 41, terms: "ISO_IR 101", bytes: "44766ff8e1e86b6f76e15e426fbe656e61", name: "Dvořáčková^Božena",
      latin: ["Dvorackova", "BOZENA"]),
    NameSample(
      number: 42, terms: "ISO_IR 144", bytes: "bbe3dad0e8d5d2d8e75ec2d8dcdee4d5d9", name: "Лукашевич^Тимофей",
      latin: ["Lukashevich", "LUKASEVIC", "Timofej"]),
    NameSample(
      number: 43, terms: "ISO_IR 192", bytes: "4e677579e1bb856e5e5468e1bb8b6e6876c6b0e1bba36e67",
      name: "Nguyễn^Thịnhvượng", latin: ["Thinhvuong"]),
    NameSample(
      number: 44, terms: "GB18030",
      bytes: "57616e677869616f5e446f6e6771696e673dcdf595d4ac995e967cc7e0fe9f", name: "Wangxiao^Dongqing=王曉瑱^東青䶮",
      latin: ["DongqingWangxiao"]),
    NameSample(
      number: 45, terms: "GBK", bytes: "5a68616e677765695e4d696e6c753dd5c5ecbf5ec3f4e8b4", name: "Zhangwei^Minlu=张炜^敏璐",
      latin: ["ZHANGWEI"]),
    NameSample(
      number: 46, terms: "ISO_IR 166", bytes: "cac1c8d1a1b4d4ec5ec3d8e8a7e0c3d7cda7", name: "สมศักดิ์^รุ่งเรือง"),
    NameSample(
      number: 47, terms: "ISO_IR 126", bytes: "d0e1f0e1e4eff0eff5ebeff25ec4e9efedf5f3e9eff2",
      name: "Παπαδοπουλος^Διονυσιος", latin: ["Papadopoulos", "Dionysios"]),
    NameSample(
      number: 48, terms: "ISO_IR 138", bytes: "e0e1f8eee5e1e9f55ef9eef2e5ef", name: "אברמוביץ^שמעון"),
    NameSample(number: 49, terms: "ISO_IR 127", bytes: "e2c8c7e6ea5ee4e6d2c7d1", name: "قباني^لنزار"),
    NameSample(
      number: 50, terms: "ISO_IR 148", bytes: "c7617675fe6ff06c755e47f66b6e696c", name: "Çavuşoğlu^Göknil",
      latin: ["Cavusoglu", "Goeknil"]),
    NameSample(
      number: 51, terms: "\\ISO 2022 IR 149",
      bytes:
        "486f6e676b696c5e446f6e6773753d1b242943fbf3d1ce5e1b242943d4d7e2b33d1b242943c8abb1e65e1b242943b5bfbcf6",
      name: "Hongkil^Dongsu=洪吉^洞秀=홍길^동수"),
    NameSample(
      number: 52, terms: "\\ISO 2022 IR 87",
      bytes:
        "59616d61646572615e5461726f68696b6f3d1b24423b333b7b1b28425e1b244242404f3a49271b28423d1b24422464245e244724691b28425e1b2442243f246d245224331b2842",
      name: "Yamadera^Tarohiko=山寺^太郎彦=やまでら^たろひこ", latin: ["TARO-HIKO YAMADERA"]),
    NameSample(
      number: 53, terms: "ISO_IR 13", bytes: "d4cfc3ded75ec0dbcbba", name: "ﾔﾏﾃﾞﾗ^ﾀﾛﾋｺ", latin: ["ヤマデラ", "Yamadera"]),
  ]

  var raw: [UInt8] {
    let digits = Array(bytes)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16) ?? 0 }
  }
}

extension CorpusBuilder {
  mutating func addCharacterSets() {
    for sample in NameSample.all {
      let number = sample.number
      let patient = CorpusPatient(
        number: number, name: "", id: "CS-\(number)-7781", birthDate: "19700823", studyDate: "20090716")
      addNative(sample, patient)
      addUnicode(sample, patient)
    }
  }

  /// In its own character set: in the name, in text that stays, and nested in an item.
  private mutating func addNative(_ sample: NameSample, _ patient: CorpusPatient) {
    var object = object("characters/\(sample.number)-native.dcm", .ct, of: patient)
    object.set(0x0008_0005, "CS", sample.terms)
    object.set(0x0010_0010, "PN", bytes: sample.raw.padded)
    noteNames(sample, "(0010,0010)", withBytes: true)
    for tag in [0x0008_1030 as UInt32, 0x0018_1400, 0x0010_4000, 0x0054_1103] {
      object.set(tag, tag == 0x0010_4000 ? "LT" : "LO", bytes: (Array("Chest ".utf8) + sample.raw).padded)
      noteNames(sample, Self.place(tag), withBytes: true)
    }
    // An item may say its own character set.
    var inner = Draft()
    inner.set(0x0008_0005, "CS", "ISO_IR 192")
    inner.set(0x0008_0104, "LO", "of " + sample.name)
    var outer = Draft()
    outer.set(0x0008_0104, "LO", bytes: sample.raw.padded)
    outer.set(0x0008_2220, items: [inner])
    object.set(0x0008_2218, items: [outer])
    noteNames(sample, "(0008,2218)[].(0008,0104)", withBytes: true)
    noteNames(sample, "(0008,2218)[].(0008,2220)[].(0008,0104)", withBytes: true)
    add(object, .ct)
  }

  /// In UTF-8 and in letters of ISO 646, in text that stays, reversed and joined.
  private mutating func addUnicode(_ sample: NameSample, _ patient: CorpusPatient) {
    var object = object("characters/\(sample.number)-other.dcm", .mr, of: patient)
    object.set(0x0008_0005, "CS", "ISO_IR 192")
    let name = sample.name.split(separator: "=").first.map(String.init) ?? ""
    let parts = name.split(separator: "^").map(String.init)
    object.set(0x0018_1020, "LO", parts.reversed().joined(separator: " "))
    object.set(0x0018_1400, "LO", parts.joined().uppercased())
    object.set(0x0008_0070, "LO", parts.joined(separator: ", "))
    for tag in [0x0018_1020 as UInt32, 0x0018_1400, 0x0008_0070] {
      noteNames(sample, Self.place(tag), withBytes: false)
    }
    for (tag, text) in zip([0x0018_1250 as UInt32, 0x0018_1251, 0x0018_9005], sample.latin) {
      object.set(tag, "SH", "by " + text)
      note(text, Self.place(tag), .text)
    }
    add(object, .mr)
  }

  /// Each component, but for those too short to be told from chance.
  private mutating func noteNames(_ sample: NameSample, _ place: String, withBytes: Bool) {
    var forms: [[UInt8]] = []
    for part in sample.name.split(whereSeparator: { $0 == "^" || $0 == "=" }) {
      forms += CorpusMarker.forms(of: String(part)).filter { $0.count >= 4 }
    }
    if withBytes {
      forms += sample.raw.split { $0 == 0x5E || $0 == 0x3D }.map(Array.init).filter { $0.count >= 4 }
    }
    note(sample.name, place, .text, forms: forms)
  }
}

extension [UInt8] {
  fileprivate var padded: [UInt8] { count % 2 == 0 ? self : self + [0x20] }
}
