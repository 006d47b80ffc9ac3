import DICOMCore

/// Small objects made up for the tests.
enum SampleObjects {
  /// A minimal secondary capture data set without pixel attributes.
  static func secondaryCapture(instance: String = "1.2.3.1.1", series: String = "1.2.3.1", study: String = "1.2.3")
    -> DataSet
  {
    var dataSet = DataSet()
    dataSet.set(.sopClassUID, .secondaryCaptureImageStorage)
    dataSet.set(.sopInstanceUID, .ui, instance)
    dataSet.set(.seriesInstanceUID, .ui, series)
    dataSet.set(.studyInstanceUID, .ui, study)
    dataSet.set(.modality, .cs, "OT")
    dataSet.set(.patientID, .lo, "PHANTOM")
    dataSet.set(.instanceNumber, .is, "1")
    return dataSet
  }

  /// A document without pixel data.
  static func document(instance: String = "1.2.3.9.1") -> DataSet {
    var dataSet = secondaryCapture(instance: instance, series: "1.2.3.9")
    dataSet.set(.sopClassUID, .comprehensive3DSRStorage)
    dataSet.set(.modality, .cs, "SR")
    return dataSet
  }

  /// A frame whose bytes follow from `seed`, all within the stored bits.
  static func frame(
    _ rows: Int = 6, _ columns: Int = 8, _ photometric: PhotometricInterpretation = .monochrome2, allocated: Int = 8,
    stored: Int? = nil, signed: Bool = false, seed: UInt64 = 1
  ) -> StoredFrame {
    let format = ImageFormat(
      rows: rows, columns: columns,
      samplesPerPixel: [.monochrome1, .monochrome2, .paletteColor].contains(photometric) ? 1 : 3,
      photometricInterpretation: photometric, bitsAllocated: allocated, bitsStored: stored ?? allocated,
      isSigned: signed)
    var random = FixedRandom(seed: seed)
    var bytes: [UInt8] = []
    for _ in 0..<format.sampleCount {
      var value = Int64(random.next() % (1 << UInt64(format.bitsStored)))
      if signed, value >= 1 << Int64(format.bitsStored - 1) { value -= 1 << Int64(format.bitsStored) }
      for byte in 0..<format.bytesPerSample { bytes.append(UInt8(truncatingIfNeeded: value >> Int64(8 * byte))) }
    }
    return StoredFrame(format: format, bytes: bytes)
  }

  /// A smooth frame, fit for lossy compression.
  static func gradient(_ rows: Int, _ columns: Int, _ photometric: PhotometricInterpretation) -> StoredFrame {
    let samples = photometric == .rgb ? 3 : 1
    let format = ImageFormat(
      rows: rows, columns: columns, samplesPerPixel: samples, photometricInterpretation: photometric,
      bitsAllocated: 8, bitsStored: 8)
    let bytes = (0..<format.sampleCount).map { index in
      let pixel = index / samples
      return UInt8(min(255, pixel / columns + pixel % columns * 2 + index % samples * 20))
    }
    return StoredFrame(format: format, bytes: bytes)
  }
}

/// A small generator with a fixed seed: SplitMix64.
struct FixedRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
