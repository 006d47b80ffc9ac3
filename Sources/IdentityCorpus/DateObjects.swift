/// Dates in every form that DICOM and people write.
extension CorpusBuilder {
  static let coe = CorpusPatient(
    number: 3, name: "Pettibone^Marigold", id: "PB/77/0031", birthDate: "19571105", studyDate: "20090716")

  mutating func addDates() {
    for (name, encoding) in [("one", Draft.Encoding.explicit), ("two", .implicit)] {
      var object = object("dates/\(name).dcm", .pt, of: Self.coe)
      let values: [(UInt32, String, String, [String])] = [
        (0x0008_0021, "DA", "2009.07.16", ["2009.07.16"]),
        (0x0008_0022, "DA", "20090716-20090717", ["20090716", "20090717"]),
        (0x0008_0023, "DA", "2009-07-16", ["2009-07-16"]), (0x0008_0012, "DA", "16.07.2009", ["16.07.2009"]),
        (0x0008_002A, "DT", "20090716101112.123456+0200", ["20090716", "+0200"]),
        (0x0040_A120, "DT", "2009071610-0700", ["20090716", "-0700"]),
        (0x0018_9074, "DT", "20090716101112-20090716101113", ["20090716"]),
        (0x0008_0015, "DT", "20090716", ["20090716"]), (0x0018_9151, "DT", "16 July 2009 10:00", ["16 July 2009"]),
        (0x0008_0201, "SH", "+0545", ["+0545"]), (0x0010_0032, "TM", "Thu 16 Jul", ["Thu 16 Jul"]),
        (0x0018_1078, "DT", "20090716090000.5", ["20090716"]), (0x0018_700C, "DA", "20090716", ["20090716"]),
        (0x0018_1012, "DA", "20090716\\20090716", ["20090716"]), (0x0040_0244, "DA", " 20090716 ", ["20090716"]),
        // In text: unlisted attributes and those that are cleaned.
        (0x0008_1030, "LO", "Chest 16.07.2009", ["16.07.2009"]),
        (0x0008_103E, "LO", "t1 2009-07-16 tra", ["2009-07-16"]),
        (0x0018_1250, "SH", "C 16/07/2009", ["16/07/2009"]), (0x0018_1020, "LO", "V 20090716", ["20090716"]),
        (0x0018_9005, "SH", "2009.07.16", ["2009.07.16"]), (0x0018_1400, "LO", "Jul 16 2009", ["Jul 16 2009"]),
        (0x0054_1103, "LO", "16-Jul-2009", ["16-Jul-2009"]), (0x0018_0031, "LO", "FDG 16JUL2009", ["16JUL2009"]),
        (0x0018_1210, "SH", "05111957", ["05111957"]),
        (0x0040_0310, "ST", "16. Juli 2009 / 7/16/09", ["16. Juli 2009"]),
        (0x0018_0024, "SH", "160709", ["160709"]), (0x0054_1101, "LO", "2009/7/16", ["2009/7/16"]),
      ]
      for (tag, vr, text, forms) in values {
        object.set(tag, vr, text)
        // Times and years alone may stay as they are.
        for form in forms where form.count >= 5 { note(form, Self.place(tag), .date) }
      }
      var item = Draft()
      item.set(0x0018_1078, "DT", "20090716090000")
      item.set(0x0040_A121, "DA", "20090716")
      note("20090716", "(0054,0016)[].(0018,1078)", .date)
      note("20090716", "(0054,0016)[].(0040,A121)", .date)
      object.set(0x0054_0016, items: [item])
      add(object, .pt, Draft.Envelope(encoding: encoding))
    }
  }
}
