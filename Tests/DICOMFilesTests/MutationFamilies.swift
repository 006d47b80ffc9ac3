import DICOMCore
import DICOMFiles
import Foundation
import TestSupport
import Testing

/// Files of one origin, to be damaged.
struct MutationFamily: CustomTestStringConvertible, Sendable {
  let name: String
  let load: @Sendable () throws -> [MutableFile]
  var testDescription: String { name }

  /// Everything that can be had here: objects made for the purpose, the sample studies, and the open corpus.
  static let all: [MutationFamily] = made + samples + corpus

  // MARK: - Objects made here

  private static let written: [UID] = [
    .implicitVRLittleEndian, .explicitVRLittleEndian, .deflatedExplicitVRLittleEndian, .rleLossless, .jpegLosslessSV1,
    .jpegLSLossless, .jpegBaseline8Bit,
  ]

  private static let made: [MutationFamily] =
    written.map { syntax in
      MutationFamily(name: "made, \(TransferSyntax.name(syntax) ?? syntax.value)") {
        try [(PhotometricInterpretation.monochrome2, 24), (.rgb, 17)].map { photometric, side in
          let folder = try TemporaryFolder()
          try DICOMFileWriter.write(
            dataSet(), transferSyntax: syntax,
            frames: (0..<3).map { _ in SampleObjects.gradient(side, side, photometric) }, to: folder.path("made"))
          return MutableFile(name: "\(photometric)", bytes: try folder.read("made"))
        }
      }
    } + [
      MutationFamily(name: "made, Explicit VR Big Endian") { [image(.explicitVRBigEndian)] },
      MutationFamily(name: "made, JPEG 2000") { [image(.jpeg2000Lossless, JPEG2000Streams.small)] },
      MutationFamily(name: "made, JPEG 2000 in JP2") {
        [image(.jpeg2000, JPEG2000Streams.boxed(JPEG2000Streams.small, enumeratedColourSpace: 17))]
      },
      MutationFamily(name: "made, High-Throughput JPEG 2000") { [image(.htj2k, JPEG2000Streams.small)] },
      MutationFamily(name: "made, encapsulated uncompressed") {
        [image(.encapsulatedUncompressedExplicitVRLittleEndian, JPEG2000Streams.smallSamples)]
      },
      MutationFamily(name: "made, deflated frames") {
        // A stored block (RFC 1951 3.2.4).
        [image(.deflatedImageFrame, [1, 64, 0, 0xBF, 0xFF] + JPEG2000Streams.smallSamples)]
      },
    ]

  /// With sequences inside each other, text in two character sets, and numbers of several kinds.
  private static func dataSet() -> DataSet {
    var dataSet = SampleObjects.secondaryCapture()
    var (code, outer) = (DataSet(), DataSet())
    code.set(.codeValue, .sh, "T-D1100")
    code.set(.codeMeaning, .lo, "Kopf, Schädel")
    outer.set(.anatomicRegionSequence, items: [code, code])
    dataSet.set(.specificCharacterSet, .cs, "ISO_IR 192")
    dataSet.set(.anatomicRegionSequence, items: [outer, code])
    dataSet.set(.windowCenter, .ds, "40", "300")
    dataSet.set(.windowWidth, .ds, "80", "2000")
    return dataSet
  }

  /// 8 × 8 samples, encapsulated where there is a stream.
  private static func image(_ syntax: UID, _ stream: [UInt8]? = nil) -> MutableFile {
    var data = DICOMBytes()
    data.isBigEndian = syntax == .explicitVRBigEndian
    data.add(.specificCharacterSet, "CS", "\\ISO 2022 IR 87")
    data.addImage(rows: 8, columns: 8)
    if let stream {
      data.addFragments([stream])
    } else {
      data.add(.pixelData, "OW", JPEG2000Streams.smallSamples)
    }
    return MutableFile(name: "image", bytes: DICOMBytes.file(syntax, data.bytes))
  }

  // MARK: - Files

  private static let samples: [MutationFamily] = [
    family("sample studies", below: PackageRoot.path("SampleStudies/studies")) { _ in true }
  ]

  /// By origin, which is what stands before the first underscore of a name.
  private static let corpus: [MutationFamily] = {
    guard let root = SharedData.path("dicom-corpus") else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root))?.filter { $0.hasSuffix(".dcm") } ?? []
    let origins = Set(names.compactMap { $0.split(separator: "_").first.map(String.init) })
    return origins.sorted().map { origin in family("corpus, \(origin)", below: root) { $0.hasPrefix(origin + "_") } }
  }()

  private static func family(
    _ name: String, below root: String, _ isPart: @escaping @Sendable (String) -> Bool
  ) -> MutationFamily {
    MutationFamily(name: name) {
      let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
      return try names.filter { $0.hasSuffix(".dcm") && isPart($0) }.sorted().map {
        MutableFile(name: $0, bytes: [UInt8](try Data(contentsOf: URL(filePath: root + "/" + $0))))
      }
    }
  }
}
