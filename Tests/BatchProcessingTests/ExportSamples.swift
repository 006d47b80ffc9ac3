import BatchProcessing
import DICOMCore
import DICOMFiles
import Deidentification
import Foundation
import TestSupport

/// Says of every object that there is no text in its pixels.
struct CleanPixels: PixelCheck {
  func verdict(on subject: PixelSubject, frame: (Int) -> StoredFrame?) -> PixelVerdict { .untouched }
}

/// Objects to be exported, with markers in what identifies, and the run over them.
struct ExportSamples {
  let folder: TemporaryFolder

  /// What must be in no file that is written.
  static let markers = [
    "ZQFAMILY", "ZQGIVEN", "MRN-4711-8", "ZQACCESSION", "ZQINSTITUTE", "ZQNESTED", "ZQPRIVATE", "ZQFOLDER",
    "ZQOPERATOR",
    "1.2.826.0.1.4711",
  ]

  init() throws {
    folder = try TemporaryFolder()
    try DeidentificationKey.generate(at: folder.path("key"))
  }

  struct Output {
    let summary: DeidentifySummary
    let files: [String: [UInt8]]
    let root: String

    /// The lines of `exports.jsonl`.
    func lines(_ format: String) throws -> [[String: Any]] {
      try files["exports.jsonl", default: []].split(separator: 0x0A)
        .compactMap { try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any] }
        .filter { $0["format"] as? String == format }
    }

    func reasons(_ format: ExportFormat) -> [String: Int] { summary.exports?[format].reasons ?? [:] }

    /// The rows of a table as dictionaries; the samples have no quoted cells.
    func table(_ name: String) -> [[String: String]] {
      let lines = String(decoding: files[name, default: []], as: UTF8.self).components(separatedBy: "\r\n").dropLast()
      let cells = lines.map { $0.components(separatedBy: ",") }
      guard let header = cells.first else { return [] }
      return cells.dropFirst().map { Dictionary(zip(header, $0)) { first, _ in first } }
    }
  }

  func run(_ output: String = "out", also: [String], threads: Int = 2) async throws -> Output {
    let request = try DeidentifyRequest(
      inputs: [folder.path("in")], output: folder.path(output), key: folder.path("key"), threads: threads,
      decoder: .inProcess, pixelCheck: CleanPixels(), also: also)
    let summary = try await DeidentifyRun(request).run()
    let root = folder.path(output)
    return Output(summary: summary, files: try TemporaryFolder.contents(of: root), root: root)
  }

  // MARK: - Objects

  static func format(
    rows: Int = 6, columns: Int = 5, signed: Bool = false, bits: Int = 12,
    _ interpretation: PhotometricInterpretation = .monochrome2, samples: Int = 1
  ) -> ImageFormat {
    ImageFormat(
      rows: rows, columns: columns, samplesPerPixel: samples, photometricInterpretation: interpretation,
      bitsAllocated: bits > 8 ? 16 : 8, bitsStored: bits, isSigned: signed)
  }

  /// A frame whose stored values differ from pixel to pixel and from `seed` to `seed`.
  static func frame(_ format: ImageFormat, seed: Int) -> StoredFrame {
    let range = 1 << format.bitsStored
    let bytes = (0..<format.sampleCount).flatMap { index -> [UInt8] in
      let code = (index * 37 + seed * 211 + 5) % range
      let value = format.isSigned ? code - range / 2 : code
      return (0..<format.bytesPerSample).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    return StoredFrame(format: format, bytes: bytes)
  }

  static func dataSet(_ sopClass: UID, _ modality: String, series: Int, instance: Int) -> DataSet {
    var dataSet = DataSet()
    dataSet.set(.sopClassUID, sopClass)
    for (tag, text): (DICOMCore.Tag, String) in [
      (.sopInstanceUID, "3.\(series).\(instance)"), (.seriesInstanceUID, "2.\(series)"), (.studyInstanceUID, "1"),
      (.frameOfReferenceUID, "4.\(series)"),
    ] { dataSet.set(tag, .ui, "1.2.826.0.1.4711." + text) }
    dataSet.set(.modality, .cs, modality)
    dataSet.set(.patientName, .pn, "ZQFAMILY^ZQGIVEN")
    dataSet.set(.patientID, .lo, "MRN-4711-8")
    dataSet.set(.patientSex, .cs, "F")
    dataSet.set(.patientAge, .as, "093Y")
    dataSet.set(.studyDate, .da, "20210304")
    dataSet.set(.accessionNumber, .sh, "ZQACCESSION")
    dataSet.set(Tag(0x0008, 0x0080), .lo, "ZQINSTITUTE")
    dataSet.set(Tag(0x0008, 0x1070), .pn, "ZQOPERATOR")
    dataSet.set(.seriesDescription, .lo, "of ZQFAMILY")
    var item = DataSet()
    item.set(.codeValue, .sh, "1")
    item.set(.codingSchemeDesignator, .sh, "99X")
    item.set(.codeMeaning, .lo, "of ZQFAMILY")
    item.set(.patientName, .pn, "ZQNESTED^Z")
    dataSet.set(.procedureCodeSequence, items: [item])
    dataSet.set(Tag(0x0009, 0x0010), .lo, "ZQPRIVATE")
    dataSet.set(Tag(0x0009, 0x1001), .lo, "ZQPRIVATE")
    dataSet.set(.instanceNumber, .is, "\(instance)")
    dataSet.set(.imageType, .cs, strings: ["ORIGINAL", "PRIMARY", "AXIAL"])
    return dataSet
  }

  func write(_ dataSet: DataSet, _ frames: [StoredFrame], transferSyntax: UID = .explicitVRLittleEndian) throws {
    let name = "in/ZQFOLDER/\(dataSet.string(.sopInstanceUID) ?? "").dcm"
    try folder.write([], to: name)
    try DICOMFileWriter.write(dataSet, transferSyntax: transferSyntax, frames: frames, to: folder.path(name))
  }

  /// How the planes of a series lie.
  struct Geometry {
    var orientation: [Double] = [1, 0, 0, 0, 1, 0]
    var origin: [Double] = [-10.5, 20.25, -30.125]
    /// From one slice to the next.
    var step: [Double] = [0, 0, 2.5]
    /// Row spacing and column spacing.
    var spacing: [Double] = [0.8, 0.7]

    /// Neither axis of the patient, at right angles to each other.
    static let oblique = {
      let (turn, tip) = (20 * Double.pi / 180, 0.5)
      let row = [cos(turn), sin(turn), 0]
      let column = [-sin(turn) * cos(tip), cos(turn) * cos(tip), sin(tip)]
      let normal = [
        row[1] * column[2] - row[2] * column[1], row[2] * column[0] - row[0] * column[2],
        row[0] * column[1] - row[1] * column[0],
      ]
      return Geometry(orientation: row + column, step: normal.map { 3.25 * $0 })
    }()

    func position(_ place: Double) -> [Double] { (0..<3).map { origin[$0] + place * step[$0] } }
  }

  static func decimals(_ numbers: [Double]) -> [String] {
    numbers.map { String(format: "%.9f", $0) }
  }

  /// Slices in files whose order is not that of their places.
  ///
  /// - Parameters:
  ///   - places: In steps, one a slice.
  ///   - slopes: One for all slices, or one each.
  func writeSeries(
    _ number: Int, _ sopClass: UID = .ctImageStorage, _ geometry: Geometry = Geometry(), places: [Double],
    format: ImageFormat = format(), slopes: [Double] = [1], transferSyntax: UID = .explicitVRLittleEndian,
    change: (Int, inout DataSet) -> Void = { _, _ in }
  ) throws {
    for (index, place) in places.enumerated() {
      let modality = sopClass == .ctImageStorage ? "CT" : "MR"
      // The instance number runs against the places.
      var dataSet = Self.dataSet(sopClass, modality, series: number, instance: places.count - index)
      dataSet.set(.imageOrientationPatient, .ds, strings: Self.decimals(geometry.orientation))
      dataSet.set(.imagePositionPatient, .ds, strings: Self.decimals(geometry.position(place)))
      dataSet.set(.pixelSpacing, .ds, strings: Self.decimals(geometry.spacing))
      dataSet.set(.sliceThickness, .ds, "2")
      dataSet.set(.rescaleSlope, .ds, "\(slopes[slopes.count == 1 ? 0 : index])")
      dataSet.set(.rescaleIntercept, .ds, "-1024")
      dataSet.set(.patientPosition, .cs, "HFS")
      if sopClass == .ctImageStorage { dataSet.set(.rescaleType, .lo, "HU") }
      change(index, &dataSet)
      try write(dataSet, [Self.frame(format, seed: index)], transferSyntax: transferSyntax)
    }
  }
}
