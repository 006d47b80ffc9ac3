import DICOMCore
import DICOMFiles
import Foundation
import PixelTransforms
import TestSupport
import Testing

/// Display values of other people's programs for every combination of Modality LUT, VOI LUT, polarity, bits, signedness
/// and padding. Each test names in its condition what goes unchecked when the program is not there.
struct LUTComparisonTests {
  private static let python = ProcessInfo.processInfo.environment["BUCKY_ORACLE_PYTHON"].flatMap {
    $0.isEmpty ? nil : ExternalCommand(path: $0)
  }
  private static let dcm2pnm = ExternalCommand("dcm2pnm")
  private static let shell = ExternalCommand("sh")

  @Test(
    "pydicom makes the same display values of every combination",
    .enabled(
      if: python != nil, "BUCKY_ORACLE_PYTHON is not set: not checked that pydicom reads LUTs and windows the same way")
  )
  func pydicom() throws {
    let folder = try TemporaryFolder()
    // A VOI LUT after fractional rescale is left out: pydicom cuts fractions off where the nearest entry is meant.
    let combinations = LUTCombination.all.filter { $0.modality != .fraction || ($0.voi != .lookup && $0.voi != .both) }
    for combination in combinations {
      let values = try write(combination, to: folder).values
      try folder.write(values.flatMap { Self.littleEndian($0.bitPattern) }, to: combination.name + ".f32")
    }
    let script = PackageRoot.path("Tests/PixelTransformsTests/Oracle/compare_luts.py")
    let result = try #require(Self.python).run([script, folder.path])
    #expect(result.status == 0, "\(result.text.prefix(4000))")
    #expect(result.output.contains("\(combinations.count) of \(combinations.count) objects agree"))
  }

  /// Padding is left out: DCMTK stretches over it. The VOI LUT Function LINEAR_EXACT is younger than DCMTK's windows, which
  /// are LINEAR for it: half a unit off and one unit narrower.
  @Test(
    "dcm2pnm makes the same 16-bit images of every combination without padding",
    .enabled(
      if: dcm2pnm != nil && shell != nil,
      "dcm2pnm (dcmtk) is not on PATH: not checked that DCMTK shows LUTs and windows the same way"))
  func dcmtk() throws {
    let folder = try TemporaryFolder()
    let combinations = LUTCombination.all.filter { $0.padding == .none }
    var commands: [String] = []
    var images: [String: DisplayImage] = [:]
    for combination in combinations {
      images[combination.name] = try write(combination, to: folder)
      let name = combination.name
      commands.append(
        "\(try #require(Self.dcm2pnm).path) -q \(Self.option(combination.voi)) +opw \(name).dcm \(name).pgm")
    }
    try folder.write(commands.joined(separator: "\n"), to: "all.sh")
    let result = try #require(Self.shell).run(["-c", "cd \(folder.path) && sh all.sh"])
    #expect(result.status == 0, "\(result.text.prefix(2000))")
    for combination in combinations {
      let found = try Self.samples(ofPGM: folder.read(combination.name + ".pgm"))
      let expected = try #require(images[combination.name]).values.map { Double($0) }
      try #require(found.count == expected.count, "\(combination.name)")
      let difference = zip(found, expected).map { abs($0 - $1) }.max() ?? 1
      #expect(difference <= Self.tolerance(combination), "\(combination.name): differs by \(difference)")
    }
  }

  private static func option(_ voi: LUTCombination.VOIStep) -> String {
    switch voi {
    case .none: "+Wm"
    case .linear, .exact, .sigmoid: "+Wi 1"
    case .lookup, .both: "+Wl 1"
    }
  }

  /// DCMTK cuts off to 16 bits, which costs up to one step, and widens the 12 bits of a VOI LUT by a shift, so that their
  /// greatest value is 65520. It holds modality values as integers, which after a fractional rescale costs up to a unit
  /// of the value and as much of the range it is shown over.
  private static func tolerance(_ combination: LUTCombination) -> Double {
    let isLookup = combination.voi == .lookup || combination.voi == .both
    let rounding = (isLookup ? 17 : 2) / 65535.0
    let function = combination.voi == .exact ? combination.unit : 0
    let fraction = combination.modality == .fraction ? 2 * combination.unit : 0
    return rounding + function + fraction
  }

  // MARK: Parts

  /// Writes the object and gives what the product shows of the file.
  private func write(_ combination: LUTCombination, to folder: TemporaryFolder) throws -> DisplayImage {
    let path = folder.path(combination.name + ".dcm")
    try DICOMFileWriter.write(
      combination.dataSet, transferSyntax: .explicitVRLittleEndian, frames: [combination.frame], to: path)
    var file = try DICOMFile(path: path)
    return try Samples.display(try file.frame(0), file.header.dataSet)
  }

  private static func littleEndian(_ bits: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
  }

  /// The samples of an ASCII PGM as parts of its maximum.
  private static func samples(ofPGM bytes: [UInt8]) throws -> [Double] {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
    let words = lines.joined(separator: " ").split(whereSeparator: \.isWhitespace)
    try #require(words.count > 4 && words[0] == "P2")
    let maximum = try #require(Double(words[3]))
    return words.dropFirst(4).compactMap { Double($0) }.map { $0 / maximum }
  }
}
