import BatchProcessing
import DICOMCore
import DICOMFiles
import Foundation
import PixelTransforms
import Tensors
import TestSupport
import Testing

struct ExportTests {
  private let samples: ExportSamples

  init() throws {
    samples = try ExportSamples()
  }

  private static let everything = ["png8", "png16", "csv", "safetensors", "nifti"]

  private func writeRadiograph(
    _ instance: Int, _ format: ImageFormat, view: String = "PA", change: (inout DataSet) -> Void = { _ in }
  ) throws {
    var dataSet = ExportSamples.dataSet(.computedRadiographyImageStorage, "CR", series: 7, instance: instance)
    dataSet.set(.viewPosition, .cs, view)
    dataSet.set(.bodyPartExamined, .cs, "CHEST")
    change(&dataSet)
    try samples.write(dataSet, [ExportSamples.frame(format, seed: instance)])
  }

  /// One of everything: radiographs, a CT series, an ultrasound clip in colour, a report.
  private func writeStudy() throws {
    try writeRadiograph(1, ExportSamples.format(rows: 20, columns: 16))
    try writeRadiograph(2, ExportSamples.format(rows: 20, columns: 16, .monochrome1), view: "LL")
    try samples.writeSeries(1, .ctImageStorage, .oblique, places: [2, 0, 1], transferSyntax: .rleLossless)
    try samples.write(
      ExportSamples.dataSet(.ultrasoundMultiFrameImageStorage, "US", series: 8, instance: 1),
      (0..<3).map { ExportSamples.frame(ExportSamples.format(bits: 8, .rgb, samples: 3), seed: $0) })
    try samples.write(ExportSamples.dataSet(.comprehensiveSRStorage, "SR", series: 9, instance: 1), [])
  }

  @Test func `Pictures hold the released object's values, in the folders of MIMIC-CXR-JPG`() async throws {
    try writeStudy()
    let output = try await samples.run(also: ["png8", "png16", "csv"])
    #expect(output.summary.counts.released == 7, "\(output.summary.reasons)")
    let rows = output.table("metadata.csv")
    #expect(rows.count == 2 + 3 + 3)
    for row in rows {
      let (patient, study, instance) = (
        row["subject_id", default: ""], row["study_id", default: ""], row["dicom_id", default: ""]
      )
      let dicom = try #require(row["dicom"])
      #expect(dicom == "\(patient)/\(study)/\(instance).dcm")
      var file = try DICOMFile(path: output.root + "/" + dicom)
      let frame = try #require(row["frame"].flatMap { Int($0) })
      let suffix = file.frameCount > 1 ? "-\(frame)" : ""
      for format in ["png8", "png16"] {
        #expect(row[format] == "\(format)/files/\(patient.prefix(3))/\(patient)/s\(study)/\(instance)\(suffix).png")
      }
      let stored = try file.frame(frame - 1)
      let narrow = try PNGImage(decoding: try #require(output.files[row["png8"] ?? ""]))
      let wide = try PNGImage(decoding: try #require(output.files[row["png16"] ?? ""]))
      #expect(narrow.depth == .bits8 && wide.depth == .bits16)
      #expect((narrow.rows, narrow.columns) == (file.format.rows, file.format.columns))
      let values = stored.storedValues()
      if stored.format.samplesPerPixel == 3 {
        let samples = values.map { UInt16($0) }
        #expect(wide.samples == samples.map { $0 * 257 })
        #expect(narrow.samples == samples)
      } else {
        let scale = try #require(row["png16_scale"].flatMap { Double($0) })
        let offset = try #require(row["png16_offset"].flatMap { Double($0) })
        let intercept = row["Modality"] == "CT" ? -1024.0 : 0
        for (sample, value) in zip(wide.samples, values) {
          let modalityValue = Double(sample) * scale + offset
          #expect(modalityValue == Double(value) + intercept)
        }
        // Without a window the whole range is shown; MONOCHROME1 is turned over for display alone.
        let isTurned = stored.format.photometricInterpretation == .monochrome1
        let lowest = try #require(values.min())
        let highest = try #require(values.max())
        for (sample, value) in zip(narrow.samples, values) {
          let share = Double(value - lowest) / Double(highest - lowest)
          let shown = isTurned ? 1 - share : share
          #expect(abs(Double(sample) - 255 * shown) < 0.51)
        }
      }
    }
    #expect(output.reasons(.png8) == ["non-image": 1])
    #expect(output.reasons(.csv) == ["non-image": 1])
  }

  @Test func `Signed samples are lifted by their lowest value, wide ones are refused`() async throws {
    let format = ExportSamples.format(signed: true)
    try samples.writeSeries(1, places: [0], format: format, slopes: [1.5])
    let map = ImageFormat(
      rows: 4, columns: 4, photometricInterpretation: .monochrome2, bitsAllocated: 32, bitsStored: 32)
    try writeRadiograph(1, map) { _ in }
    let output = try await samples.run(also: ["png16", "csv"])
    let row = try #require(output.table("metadata.csv").first { $0["Modality"] == "CT" })
    #expect(row["png16_lowest"] == "-2048")
    #expect(row["png16_offset"] == "-4096")
    #expect(row["png16_unit"] == "HU")
    let picture = try PNGImage(decoding: try #require(output.files[row["png16"] ?? ""]))
    #expect(picture.samples == ExportSamples.frame(format, seed: 0).storedValues().map { UInt16($0 + 2048) })
    #expect(output.reasons(.png16) == ["more-than-16-bits": 1])
  }

  @Test func `Tables have the columns of MIMIC-CXR-JPG and CheXpert, and say what the released objects say`()
    async throws
  {
    try writeStudy()
    try writeRadiograph(3, ExportSamples.format()) { $0.set(.bodyPartExamined, .cs, "HAND") }
    let output = try await samples.run(also: ["csv"])
    let header = String(decoding: output.files["metadata.csv", default: []].prefix { $0 != 0x0D }, as: UTF8.self)
    #expect(
      header.hasPrefix(
        "dicom_id,subject_id,study_id,PerformedProcedureStepDescription,ViewPosition,Rows,Columns,StudyDate,StudyTime,"
          + "ProcedureCodeSequence_CodeMeaning,ViewCodeSequence_CodeMeaning,PatientOrientationCodeSequence_CodeMeaning,"
      ))
    for row in output.table("metadata.csv") {
      let dataSet = try DICOMHeader(path: output.root + "/" + (row["dicom"] ?? "")).dataSet
      for (column, tag): (String, DICOMCore.Tag) in [
        ("dicom_id", .sopInstanceUID), ("subject_id", .patientID), ("study_id", .studyInstanceUID),
        ("series_id", .seriesInstanceUID), ("StudyDate", .studyDate), ("PatientAge", .patientAge),
        ("PatientSex", .patientSex),
      ] {
        #expect(row[column] == dataSet.string(tag) ?? "", "\(column)")
      }
      #expect(row["StudyDate"]?.count == 8 && row["StudyDate"] != "20210304")
      #expect(row["PatientAge"] == "090Y")
    }
    let text = String(decoding: output.files["chexpert.csv", default: []], as: UTF8.self)
    #expect(text.hasPrefix("Path,Sex,Age,Frontal/Lateral,AP/PA\r\n"))
    let rows = output.table("chexpert.csv")
    #expect(rows.count == 2)
    #expect(Set(rows.compactMap { $0["Frontal/Lateral"] }) == ["Frontal", "Lateral"])
    #expect(rows.allSatisfy { $0["Sex"] == "Female" && $0["Age"] == "90" })
    #expect(rows.allSatisfy { output.files[$0["Path"] ?? ""] != nil })
  }

  @Test func `Tensors are those that preprocess makes of the released objects`() async throws {
    try writeStudy()
    let output = try await samples.run(also: ["safetensors"])
    let released = samples.folder.path("released")
    for (name, bytes) in output.files where name.hasSuffix(".dcm") {
      try samples.folder.write(bytes, to: "released/" + name)
    }
    let request = try PreprocessRequest(
      inputs: [released], output: samples.folder.path("again"), window: nil, preset: nil, size: 448,
      format: .safetensors, threads: 1, decoder: .inProcess)
    _ = try await PreprocessRun(request).run()
    for name in ["tensors.safetensors", "log.jsonl"] {
      #expect(try samples.folder.read("again/" + name) == output.files["tensors/" + name])
    }
    let file = try SafetensorsFile(path: output.root + "/tensors/tensors.safetensors")
    #expect(file["pixel_values"]?.shape == [8, 3, 448, 448])
    #expect(output.reasons(.safetensors) == ["skipped": 1])
  }

  @Test func `No marker of the source is in anything that is exported`() async throws {
    try writeStudy()
    let output = try await samples.run(also: Self.everything)
    #expect(output.files.keys.filter { $0.hasSuffix(".nii.gz") }.count == 1)
    for (name, bytes) in output.files {
      #expect(MarkerSearch.found(ExportSamples.markers, in: Array(name.utf8)).isEmpty, "\(name)")
      #expect(MarkerSearch.found(ExportSamples.markers, in: bytes).isEmpty, "\(name)")
      if name.hasSuffix(".nii.gz") {
        let volume = try NIfTIReader(path: output.root + "/" + name)
        #expect(MarkerSearch.found(ExportSamples.markers, in: volume.bytes).isEmpty, "\(name)")
      }
      if name.hasSuffix(".png") { #expect(chunks(bytes) == ["IHDR", "IDAT", "IEND"], "\(name)") }
    }
  }

  private func chunks(_ png: [UInt8]) -> [String] {
    var (names, offset): ([String], Int) = ([], 8)
    while offset + 8 <= png.count {
      let length = png[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      let name = String(decoding: png[offset + 4..<offset + 8], as: UTF8.self)
      if names.last != name { names.append(name) }
      offset += 12 + length
    }
    return names
  }

  @Test func `A re-run gives the same bytes, in one thread or three`() async throws {
    try writeStudy()
    var one = try await samples.run("one", also: Self.everything, threads: 1).files
    let two = try await samples.run("two", also: Self.everything, threads: 3).files
    let again = try await samples.run("two", also: Self.everything, threads: 2).files
    #expect(two == again)
    // The summary names its folder.
    one["run.json"] = two["run.json"]
    #expect(one == two)
  }

  @Test func `Every file is listed with its digest and what it was made from, and counted`() async throws {
    try writeStudy()
    let output = try await samples.run(also: Self.everything)
    let made = output.files.keys.filter { name in
      [".png", ".csv", ".nii.gz"].contains { name.hasSuffix($0) } || name == "tensors/tensors.safetensors"
        || name == "tensors/log.jsonl"
    }
    var listed: Set<String> = []
    for format in Self.everything {
      for line in try output.lines(format) {
        guard let path = line["path"] as? String else {
          #expect(line["reason"] is String)
          continue
        }
        listed.insert(path)
        let bytes = try #require(output.files[path])
        #expect(line["sha256"] as? String == ContentDigest(of: bytes).description)
        #expect(line["bytes"] as? Int == bytes.count)
        let sources = try #require(line["sources"] as? [[String: String]])
        let list = line["sources_listed_in"] as? String ?? ""
        #expect(!sources.isEmpty || output.files[list] != nil)
        for source in sources {
          let instance = try #require(source["sop_instance_uid"])
          let name = try #require(output.files.keys.first { $0.hasSuffix("\(instance).dcm") })
          #expect(source["sha256"] == ContentDigest(of: output.files[name, default: []]).description)
        }
      }
    }
    #expect(listed == Set(made))
    let run = try JSONSerialization.jsonObject(with: Data(output.files["run.json", default: []])) as? [String: Any]
    let counts = try #require(run?["exports"] as? [String: [String: Any]])
    #expect(counts.values.compactMap { $0["files"] as? Int }.reduce(0, +) == made.count)
    #expect(counts.count == 5)
  }

  @Test func `Nothing is made of what is withheld, and nothing of an earlier run is taken up`() async throws {
    try writeRadiograph(1, ExportSamples.format())
    let first = try await samples.run(also: Self.everything)
    #expect(first.table("metadata.csv").count == 1)
    try FileManager.default.removeItem(atPath: samples.folder.path("in"))
    try samples.write(
      ExportSamples.dataSet(.encapsulatedPDFStorage, "DOC", series: 2, instance: 1), [])
    let second = try await samples.run(also: Self.everything)
    #expect(second.summary.counts.released == 0)
    #expect(second.summary.exports?[.png8].files == 0)
    #expect(second.files["metadata.csv"] == nil)
    #expect(second.files["exports.jsonl"] == [])
  }

  @Test func `An unknown export is refused before anything is written`() async throws {
    try writeRadiograph(1, ExportSamples.format())
    await #expect(throws: BatchError.self) { try await samples.run(also: ["jpeg"]) }
    #expect(!samples.folder.exists("out"))
  }
}
