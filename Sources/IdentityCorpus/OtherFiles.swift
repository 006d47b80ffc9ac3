/// What is no object to be released: a document, a media directory, text, broken files.
extension CorpusBuilder {
  mutating func addOtherFiles() {
    var document = object("others/report.dcm", .pdf, of: Self.doe)
    let text = "%PDF-1.4 " + planted("(0042,0011)", .document) + " Ottoline Quillfeather %%EOF"
    document.set(0x0042_0010, "ST", planted("(0042,0010)"))
    document.set(0x0042_0012, "LO", "application/pdf")
    document.set(0x0042_0011, "OB", bytes: Array(text.utf8))
    document.set(0x0028_0301, "CS", "YES")
    add(document, .pdf, refusal: "encapsulated-document")

    begin("DICOMDIR")
    var record = Draft()
    record.set(0x0004_1430, "CS", "PATIENT")
    record.set(0x0010_0010, "PN", planted("(0004,1220)[].(0010,0010)"))
    record.set(0x0010_0020, "LO", planted("(0004,1220)[].(0010,0020)"))
    var directory = Draft()
    directory.set(0x0004_1130, "CS", planted("(0004,1130)"))
    directory.set(0x0004_1220, items: [record])
    add(
      directory.file(sopClass: "1.2.840.10008.1.3.10", instance: noted(uid(), "(0002,0003)", .uid)), refusal: "dicomdir"
    )

    begin("others/Quillfeather notes.txt")
    note("Quillfeather", "path", .path)
    add(Array(("Ottoline, " + planted("text", .document) + "\n").utf8), refusal: "not-dicom")

    var cut = object("others/cut.dcm", .ct, of: Self.doe)
    cut.set(0x0008_1030, "LO", planted("(0008,1030)"))
    let whole = cut.file(sopClass: ObjectKind.ct.sopClass, instance: "1.2.826.0.1.3680043.76.9999.3")
    add(Array(whole.dropLast(333)), refusal: "truncated")
  }
}
