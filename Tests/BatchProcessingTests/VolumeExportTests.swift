import BatchProcessing
import DICOMCore
import DICOMFiles
import Foundation
import TestSupport
import Testing

struct VolumeExportTests {
  private typealias Geometry = ExportSamples.Geometry
  private let samples: ExportSamples

  init() throws {
    samples = try ExportSamples()
  }

  private func volumes(_ output: ExportSamples.Output) throws -> [NIfTIReader] {
    try output.lines("nifti").compactMap { $0["path"] as? String }.sorted().map {
      try NIfTIReader(path: output.root + "/" + $0)
    }
  }

  /// Compares a volume with modality values at their places in the patient.
  private func check(
    _ volume: NIfTIReader, _ geometry: Geometry, places: [Double], format: ImageFormat, slopes: [Double] = [1],
    intercept: Double = -1024
  ) {
    #expect(volume.extents == [format.columns, format.rows, places.count])
    for (index, place) in places.enumerated() {
      let values = ExportSamples.frame(format, seed: index).storedValues()
      let corner = geometry.position(place)
      for row in 0..<format.rows {
        for column in 0..<format.columns {
          let left = (0..<3).map { axis in
            corner[axis] + geometry.orientation[axis] * geometry.spacing[1] * Double(column)
              + geometry.orientation[3 + axis] * geometry.spacing[0] * Double(row)
          }
          let found = volume.voxel(at: [-left[0], -left[1], left[2]])
          let voxel = found.map { Int($0.rounded()) }
          guard zip(found, voxel).allSatisfy({ abs($0 - Double($1)) < 1e-3 }),
            zip(voxel, volume.extents).allSatisfy({ (0..<$1).contains($0) })
          else {
            Issue.record("slice \(index), row \(row), column \(column) lies at \(found)")
            return
          }
          let expected =
            Double(values[row * format.columns + column]) * slopes[slopes.count == 1 ? 0 : index] + intercept
          let value = volume.value(voxel[0], voxel[1], voxel[2])
          guard abs(value - expected) <= 1e-6 * abs(expected) else {
            Issue.record("slice \(index), row \(row), column \(column) is \(value), not \(expected)")
            return
          }
        }
      }
    }
    for (sform, qform) in zip(volume.affine.flatMap(\.self), volume.quaternionAffine.flatMap(\.self)) {
      #expect(abs(sform - qform) < 1e-4)
    }
  }

  private static let orientations: [Geometry] = [
    Geometry(), .oblique, Geometry(orientation: [0, 1, 0, 0, 0, -1], step: [-2.5, 0, 0]),
    Geometry(orientation: [1, 0, 0, 0, 0, -1], step: [0, 2.5, 0]),
    Geometry(orientation: [-1, 0, 0, 0, -1, 0], step: [0, 0, -1.25]),
  ]

  @Test("Every voxel lies where its pixel lies in the patient, and has its value", arguments: 0..<5)
  func places(number: Int) async throws {
    let geometry = Self.orientations[number]
    let places = [2.0, 0, 1, 4, 3]
    try samples.writeSeries(1, .ctImageStorage, geometry, places: places)
    let output = try await samples.run(also: ["nifti"])
    #expect(output.summary.counts.released == 5, "\(output.summary.reasons)")
    #expect(output.reasons(.nifti).isEmpty)
    let volume = try #require(try volumes(output).first)
    check(volume, geometry, places: places, format: ExportSamples.format())
  }

  @Test func `The header of an axial series, byte by byte`() async throws {
    try samples.writeSeries(1, places: [0, 1, 2], slopes: [2.5])
    let volume = try #require(try volumes(try await samples.run(also: ["nifti"])).first)
    var expected = [UInt8](repeating: 0, count: 352)
    func put(_ bytes: [UInt8], _ offset: Int) { expected.replaceSubrange(offset..<offset + bytes.count, with: bytes) }
    func floats(_ numbers: [Float], _ offset: Int) {
      put(
        numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> UInt32(8 * $0)) } },
        offset)
    }
    put([0x5C, 1, 0, 0], 0)
    put([UInt8(ascii: "r")], 38)
    put([3, 0, 5, 0, 6, 0, 3, 0, 1, 0, 1, 0, 1, 0, 1, 0], 40)
    put([4, 0, 16, 0], 70)
    floats([-1, 0.7, 0.8, 2.5, 1, 1, 1, 1], 76)
    floats([352, 2.5, -1024], 108)
    put([2], 123)
    put(Array("Bucky \(BuckyVersion.text)".utf8), 148)
    put([1, 0, 1, 0], 252)
    floats([0, 1, 0, 10.5, -24.25, -30.125], 256)
    floats([-0.7, 0, 0, 10.5, 0, 0.8, 0, -24.25, 0, 0, 2.5, -30.125], 280)
    put(Array("n+1".utf8), 344)
    for offset in 0..<352 where volume.bytes[offset] != expected[offset] {
      Issue.record("byte \(offset) is \(volume.bytes[offset]), not \(expected[offset])")
    }
    let voxels = 5 * 6 * 3
    #expect(volume.bytes.count == 352 + 2 * voxels)
  }

  @Test func `Samples keep their type, and become floats where slopes differ`() async throws {
    let slopes = [1, 1.5, 2.25]
    let formats = [
      ExportSamples.format(signed: true, bits: 16), ExportSamples.format(bits: 16), ExportSamples.format(bits: 8),
      ExportSamples.format(),
    ]
    for (index, format) in formats.enumerated() {
      try samples.writeSeries(
        index + 1, .mrImageStorage, places: [0, 1, 2], format: format, slopes: index == 3 ? slopes : [0.5])
    }
    let read = try volumes(try await samples.run(also: ["nifti"]))
    #expect(read.map { $0.short(70) }.sorted() == [2, 4, 16, 512])
    for (index, datatype) in [4, 512, 2, 16].enumerated() {
      let volume = try #require(read.first { $0.short(70) == datatype })
      check(
        volume, Geometry(), places: [0, 1, 2], format: formats[index], slopes: index == 3 ? slopes : [0.5])
    }
  }

  @Test func `An enhanced object is a volume by its functional groups`() async throws {
    var dataSet = ExportSamples.dataSet(.enhancedMRImageStorage, "MR", series: 1, instance: 1)
    func item(_ tag: DICOMCore.Tag, _ vr: VR, _ numbers: [Double]) -> DataSet {
      var item = DataSet()
      item.set(tag, vr, strings: ExportSamples.decimals(numbers))
      return item
    }
    let geometry = Geometry.oblique
    let places = [3.0, 0, 2, 1]
    var shared = DataSet()
    shared.set(.pixelMeasuresSequence, items: [item(.pixelSpacing, .ds, geometry.spacing)])
    shared.set(.planeOrientationSequence, items: [item(.imageOrientationPatient, .ds, geometry.orientation)])
    dataSet.set(.sharedFunctionalGroupsSequence, items: [shared])
    dataSet.set(
      .perFrameFunctionalGroupsSequence,
      items: places.map { place in
        var group = DataSet()
        group.set(.planePositionSequence, items: [item(.imagePositionPatient, .ds, geometry.position(place))])
        var values = item(.rescaleSlope, .ds, [2])
        values.set(.rescaleIntercept, .ds, "-7")
        values.set(.rescaleType, .lo, "US")
        group.set(.pixelValueTransformationSequence, items: [values])
        return group
      })
    let format = ExportSamples.format()
    try samples.write(dataSet, places.indices.map { ExportSamples.frame(format, seed: $0) })
    let output = try await samples.run(also: ["nifti"])
    #expect(output.summary.counts.released == 1, "\(output.summary.reasons)")
    let volume = try #require(try volumes(output).first)
    check(volume, geometry, places: places, format: format, slopes: [2], intercept: -7)
    let name = try #require(try output.lines("nifti").first?["path"] as? String)
    let parts = name.split(separator: "/")
    #expect(parts.count == 4 && parts[3].contains("-2.25."))
  }

  /// What is done to a good series, and the reason that is given.
  private static let refusals: [(String, [Double], Geometry, @Sendable (Int, inout DataSet) -> Void)] = [
    ("single-slice", [0], Geometry(), { _, _ in }),
    ("missing-slices", [0, 1, 3, 4], Geometry(), { _, _ in }),
    ("uneven-spacing", [0, 1, 2.3, 3], Geometry(), { _, _ in }),
    ("repeated-positions", [0, 1, 1, 2], Geometry(), { _, _ in }),
    ("gantry-tilt", [0, 1, 2, 3], Geometry(step: [0, 0.4, 2.5]), { _, _ in }),
    ("geometry-missing", [0, 1, 2], Geometry(), { $1[.imagePositionPatient] = nil }),
    (
      "orientations-differ", [0, 1, 2], Geometry(),
      {
        if $0 == 1 {
          $1.set(.imageOrientationPatient, .ds, strings: ["0.999", "0.0447", "0", "-0.0447", "0.999", "0"])
        }
      }
    ),
    (
      "pixel-spacings-differ", [0, 1, 2], Geometry(),
      { if $0 == 1 { $1.set(.pixelSpacing, .ds, strings: ["0.8", "0.71"]) } }
    ),
    (
      "frame-of-reference-differs", [0, 1, 2], Geometry(),
      { if $0 == 1 { $1.set(.frameOfReferenceUID, .ui, "1.2.826.0.1.4711.9") } }
    ),
    (
      "localizer", [0, 1, 2], Geometry(),
      { $1.set(.imageType, .cs, strings: ["ORIGINAL", "PRIMARY", "LOCALIZER"]) }
    ),
  ]

  @Test("What is no volume is not written, with its reason", arguments: 0..<10)
  func refused(number: Int) async throws {
    let (reason, places, geometry, change) = Self.refusals[number]
    try samples.writeSeries(1, .ctImageStorage, geometry, places: places, change: change)
    let output = try await samples.run(also: ["nifti"])
    #expect(output.summary.counts.released == places.count, "\(output.summary.reasons)")
    #expect(output.reasons(.nifti) == [reason: 1])
    let lines = try output.lines("nifti")
    #expect(lines.count == 1 && lines[0]["reason"] as? String == reason)
    #expect((lines[0]["sources"] as? [Any])?.count == places.count)
    #expect(!output.files.keys.contains { $0.hasSuffix(".nii.gz") })
  }

  @Test func `Sizes and samples that differ, and other kinds of images, are refused`() async throws {
    try samples.writeSeries(1, places: [0, 1])
    try samples.writeSeries(2, places: [0, 1])
    // A third slice for each series: one of another size, one with another sign.
    for (series, format) in [(1, ExportSamples.format(rows: 7)), (2, ExportSamples.format(signed: true))] {
      var dataSet = ExportSamples.dataSet(.ctImageStorage, "CT", series: series, instance: 9)
      let geometry = Geometry()
      dataSet.set(.imageOrientationPatient, .ds, strings: ExportSamples.decimals(geometry.orientation))
      dataSet.set(.imagePositionPatient, .ds, strings: ExportSamples.decimals(geometry.position(2)))
      dataSet.set(.pixelSpacing, .ds, strings: ExportSamples.decimals(geometry.spacing))
      dataSet.set(.rescaleSlope, .ds, "1")
      dataSet.set(.rescaleIntercept, .ds, "-1024")
      try samples.write(dataSet, [ExportSamples.frame(format, seed: 3)])
    }
    try samples.write(
      ExportSamples.dataSet(.computedRadiographyImageStorage, "CR", series: 3, instance: 1),
      [ExportSamples.frame(ExportSamples.format(), seed: 1)])
    let output = try await samples.run(also: ["nifti"])
    #expect(output.reasons(.nifti) == ["sizes-differ": 1, "samples-differ": 1, "not-ct-or-mr": 1])
  }

  @Test func `A localizer in a series does not keep its slices from being a volume`() async throws {
    try samples.writeSeries(1, places: [0, 1, 2, 9]) { index, dataSet in
      if index == 3 { dataSet.set(.imageType, .cs, strings: ["ORIGINAL", "PRIMARY", "LOCALIZER"]) }
    }
    let output = try await samples.run(also: ["nifti"])
    #expect(output.reasons(.nifti) == ["localizer": 1])
    #expect(output.summary.exports?[.nifti].files == 1)
    #expect(try volumes(output).first?.extents == [5, 6, 3])
  }

  @Test func `A volume of an earlier run goes when its series is none any more`() async throws {
    try samples.writeSeries(1, places: [0, 1, 2])
    #expect(try await samples.run(also: ["nifti"]).files.keys.contains { $0.hasSuffix(".nii.gz") })
    try samples.writeSeries(1, places: [0, 1, 5])
    #expect(try await !samples.run(also: ["nifti"]).files.keys.contains { $0.hasSuffix(".nii.gz") })
  }

  @Test(
    "Volumes are those of dcm2niix, place by place",
    .enabled(if: ExternalCommand("dcm2niix") != nil, "dcm2niix is not installed"))
  func peer() async throws {
    let converter = try #require(ExternalCommand("dcm2niix"))
    for (index, geometry) in Self.orientations.enumerated() {
      // Series Number tells dcm2niix's files apart.
      try samples.writeSeries(
        index + 1, index == 3 ? .mrImageStorage : .ctImageStorage, geometry, places: [0, 2, 1, 3]
      ) {
        $1.set(.seriesNumber, .is, "\(index + 1)")
        $1.set(.manufacturer, .lo, "Bucky")
      }
    }
    let output = try await samples.run(also: ["nifti"])
    #expect(output.summary.exports?[.nifti].files == 5, "\(output.reasons(.nifti))")
    try FileManager.default.createDirectory(atPath: samples.folder.path("peer"), withIntermediateDirectories: true)
    let arguments = ["-z", "n", "-b", "n", "-f", "%j", "-o", samples.folder.path("peer")]
    let study = try #require(output.files.keys.first { $0.hasSuffix(".dcm") }).split(separator: "/").dropLast().joined(
      separator: "/")
    let result = try converter.run(arguments + [output.root + "/" + study])
    #expect(result.status == 0)
    for line in try output.lines("nifti") {
      let path = try #require(line["path"] as? String)
      let series = try #require(path.split(separator: "/").last).dropLast(".nii.gz".count)
      let (own, other) = (
        try NIfTIReader(path: output.root + "/" + path),
        try NIfTIReader(path: samples.folder.path("peer/\(series).nii"))
      )
      #expect(own.extents.reduce(1, *) == other.extents.reduce(1, *))
      for slice in 0..<own.extents[2] {
        for row in 0..<own.extents[1] {
          for column in 0..<own.extents[0] {
            let found = other.voxel(at: own.place([Double(column), Double(row), Double(slice)]))
            let voxel = found.map { Int($0.rounded()) }
            guard zip(found, voxel).allSatisfy({ abs($0 - Double($1)) < 1e-3 }),
              zip(voxel, other.extents).allSatisfy({ (0..<$1).contains($0) }),
              other.value(voxel[0], voxel[1], voxel[2]) == own.value(column, row, slice)
            else {
              Issue.record("\(path): voxel \(column), \(row), \(slice) differs")
              return
            }
          }
        }
      }
    }
  }
}
