internal import DICOMCore
internal import DICOMFiles
internal import Foundation
internal import PipelineDefinitions
internal import Reports

extension StudyDraft {
  /// Puts `report.dcm`, what the pipeline wants beside it, and then `report.json` in place; the JSON says that all of it is
  /// complete.
  ///
  /// - Returns: The report, and what the ledger had to remark.
  func publish(
    in folder: OutputFolder, ledger: ReportLedger
  ) throws -> (report: StudyReport, remarks: [ReportLedger.Remark]) {
    let place = "studies/\(job.study)"
    let standing = Self.reportID(in: "\(folder.path)/\(place)/report.json")
    var published = report
    let remarks = try ledger.issue(job, standing: standing) { entry in
      published = try publish(entry, in: folder, at: place)
    }
    return (StudyReport(report: published, entry: entry, arrival: arrival), remarks)
  }

  private func publish(_ entry: IssuedEntry, in folder: OutputFolder, at place: String) throws -> TriageReport {
    var final = report.issued(as: entry.report.sopInstanceUID, supersedes: entry.supersedes?.sopInstanceUID)
    folder.withdraw(["report.json", Self.keyObjectsName, Self.summaryName].map { "\(place)/\($0)" })
    final.outputs = [
      TriageReport.Output(
        .sr, sopInstanceUID: final.reportID, seriesInstanceUID: ReportIdentity.seriesUID(study: job.study))
    ]
    try folder.publish(try outlined(&final), below: place)
    let number = entry.report.instanceNumber
    if options.keyObjects,
      let selection = try KeyObjectSelection(of: final, header: header, images: images, instanceNumber: number)
    {
      final.outputs.append(
        try folder.publish(selection.dataSet, frames: [], kind: .kos, as: "\(place)/\(Self.keyObjectsName)"))
    }
    if options.summary {
      let frame = try SummaryPicture.frame(of: SummaryText(of: final))
      let capture = try SummaryCapture(
        of: final, header: header, pixels: ContentDigest(of: frame.bytes), instanceNumber: number)
      final.outputs.append(
        try folder.publish(capture.dataSet, frames: [frame], kind: .sc, as: "\(place)/\(Self.summaryName)"))
    }
    let document = try StructuredReport(
      of: final, header: header, images: images, form: StructuredReport.Form(options.structuredReport),
      predecessor: entry.supersedes)
    _ = try folder.publish(document.dataSet, frames: [], kind: .sr, as: "\(place)/report.dcm")
    try folder.publish(try final.json(), as: "\(place)/report.json")
    return final
  }

  /// The heatmaps, with their presentation states where these are wanted: their UIDs follow from the report's own.
  private func outlined(_ final: inout TriageReport) throws(ReportError) -> [StudyHeatmap] {
    guard writesPresentationStates else { return heatmaps }
    var maps = heatmaps
    for index in maps.indices { try maps[index].addState(of: final, study, header) }
    final.add(maps)
    return maps
  }

  static let keyObjectsName = "key-objects.dcm"
  static let summaryName = "summary.dcm"

  /// The identity of a report that lies in the output folder; `nil` where none can be read.
  private static func reportID(in path: String) -> UID? {
    struct Identity: Decodable {
      let report_id: UID
    }
    guard let bytes = try? Data(contentsOf: URL(filePath: path)) else { return nil }
    return try? JSONDecoder().decode(Identity.self, from: bytes).report_id
  }
}

extension OutputFolder {
  /// Puts the maps of a study in place and takes away those of an earlier run.
  fileprivate func publish(_ heatmaps: [StudyHeatmap], below place: String) throws(BatchError) {
    let earlier = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(place)/heatmaps")) ?? []
    withdraw(earlier.filter { !$0.hasPrefix(".") }.map { "\(place)/heatmaps/\($0)" })
    for map in heatmaps {
      if let file = map.report.file {
        let bytes: [UInt8]
        do {
          bytes = try map.png()
        } catch {
          throw .configuration("\(place)/\(file): \(error)")
        }
        try publish(bytes, as: "\(place)/\(file)")
      }
      if let state = map.state { try publish(state, frames: [], as: "\(place)/\(map.name).dcm") { _ in } }
    }
  }

  /// Writes a DICOM object, and says what a report says of it; no digest for the SR, which holds that of the report.
  fileprivate func publish(
    _ dataSet: DataSet, frames: [StoredFrame], kind: TriageReport.Output.Kind, as name: String
  ) throws(BatchError) -> TriageReport.Output {
    var digest: ContentDigest?
    try publish(dataSet, frames: frames, as: name) { temporary throws(BatchError) in
      guard kind != .sr else { return }
      guard let bytes = try? Data(contentsOf: URL(filePath: temporary)) else {
        throw .outputNotWritable(path: temporary, errno: EIO)
      }
      digest = ContentDigest(of: bytes)
    }
    guard let identity = dataSet.uid(.sopInstanceUID) else { throw .unexpected("an object without identity") }
    return TriageReport.Output(
      kind, sopInstanceUID: identity, seriesInstanceUID: dataSet.uid(.seriesInstanceUID), digest: digest)
  }

  /// Writes a DICOM object; `whenWritten` gets its path before it is in its place.
  private func publish(
    _ dataSet: DataSet, frames: [StoredFrame], as name: String, whenWritten: (String) throws(BatchError) -> Void
  ) throws(BatchError) {
    try publish(name) { temporary throws(BatchError) in
      do throws(DICOMFileError) {
        try DICOMFileWriter.write(dataSet, transferSyntax: .explicitVRLittleEndian, frames: frames, to: temporary)
      } catch {
        throw BatchError(writing: temporary, error)
      }
      try whenWritten(temporary)
    }
  }
}
