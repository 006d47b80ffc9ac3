internal import DICOMCore

extension WireWriter {
  mutating func put(_ uid: UID) { put(text: uid.value) }

  mutating func put(_ format: ImageFormat) {
    for number in [
      format.rows, format.columns, format.samplesPerPixel, format.bitsAllocated, format.bitsStored, format.highBit,
    ] { put(integer: number) }
    put(flag: format.isSigned)
    put(flag: format.isFloat)
    put(text: format.photometricInterpretation.rawValue)
  }

  mutating func put(_ header: DICOMHeader) {
    put(header.transferSyntax)
    put(flag: header.hasMetaInformation)
    put(header.dataSet)
  }

  /// A classification without its file: a child knows no names.
  mutating func put(_ classification: FileClassification) {
    switch classification {
    case .image(let image):
      put(flag: true)
      let identity = image.identity
      for uid in [
        identity.studyInstanceUID, identity.seriesInstanceUID, identity.sopInstanceUID, identity.sopClassUID,
      ] { put(uid) }
      put(image.header)
      put(image.format)
      put(integer: image.frameCount)
      put(flag: image.isCut)
    case .refused(let refusal, let header):
      put(flag: false)
      put(text: refusal.reason.rawValue)
      put(text: refusal.detail)
      put(flag: header != nil)
      if let header { put(header) }
    }
  }
}

extension WireReader {
  mutating func uid() throws(WireError) -> UID {
    guard let uid = UID(try text()) else { throw WireError(fact: "a UID is malformed") }
    return uid
  }

  /// A format that a decoded frame can have (PS3.3 C.7.6.3), no larger than frames may be.
  mutating func format() throws(WireError) -> ImageFormat {
    let rows = try integer(in: 1...0xFFFF)
    let columns = try integer(in: 1...0xFFFF)
    let samples = try integer(in: 1...3)
    let allocated = try integer(in: 1...64)
    let stored = try integer(in: 1...allocated)
    let highBit = try integer(in: stored - 1...allocated - 1)
    let (isSigned, isFloat) = (try flag(), try flag())
    guard (isFloat ? [32, 64] : [1, 8, 16, 32]).contains(allocated) else {
      throw WireError(fact: "Bits Allocated does not exist")
    }
    guard let photometric = PhotometricInterpretation(rawValue: try text()), photometric.samplesPerPixel == samples
    else { throw WireError(fact: "Photometric Interpretation does not fit") }
    let format = ImageFormat(
      rows: rows, columns: columns, samplesPerPixel: samples, photometricInterpretation: photometric,
      bitsAllocated: allocated, bitsStored: stored, highBit: highBit, isSigned: isSigned, isFloat: isFloat)
    guard format.frameBytes <= ImageFormat.maximumFrameBytes else { throw WireError(fact: "a frame is too large") }
    return format
  }

  /// A number of frames that a file of `size` bytes can hold: less than one a byte, unless the file is tiny.
  mutating func frameCount(fileSize size: Int) throws(WireError) -> Int {
    try integer(in: 1...max(1 << 12, min(1 << 24, size)))
  }

  mutating func header() throws(WireError) -> DICOMHeader {
    let (transferSyntax, hasMetaInformation) = (try uid(), try flag())
    return DICOMHeader(
      dataSet: try dataSet(), transferSyntax: transferSyntax, hasMetaInformation: hasMetaInformation)
  }

  mutating func classification(of file: InputFile, size: Int) throws(WireError) -> FileClassification {
    if try flag() {
      let identity = InstanceIdentity(
        studyInstanceUID: try uid(), seriesInstanceUID: try uid(), sopInstanceUID: try uid(), sopClassUID: try uid())
      let (header, format, frameCount) = (try header(), try format(), try frameCount(fileSize: size))
      return .image(
        ImageCandidate(
          file: file, identity: identity, header: header, format: format, frameCount: frameCount, isCut: try flag()))
    }
    guard let reason = RefusalReason(rawValue: try text()) else { throw WireError(fact: "a reason does not exist") }
    let detail = try shortText()
    let header = try flag() ? try header() : nil
    return .refused(InputRefusal(source: file.source, reason: reason, detail: detail), header: header)
  }

  /// A text that goes into logs: one line of reasonable length.
  mutating func shortText() throws(WireError) -> String {
    let text = try text()
    guard text.utf8.count <= 1024, !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
      throw WireError(fact: "a text is no line")
    }
    return text
  }
}
