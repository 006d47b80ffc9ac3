internal import DICOMCore
internal import Foundation
internal import Reports

/// Where the pictures of encoder inputs lie: `studies/<Study Instance UID>/images/<SOP Instance UID>[-<frame>].png`.
enum StudyPictures {
  static func folder(of study: UID) -> String { "studies/\(study)/images" }

  static func name(_ image: TriageReport.Evidence, of study: UID) -> String {
    let frame = image.frame.map { "-\($0)" } ?? ""
    return "\(folder(of: study))/\(image.sopInstanceUID)\(frame).png"
  }

  /// The pictures that are there of a report's images. Their bytes are read when they are asked for.
  static func kept(of report: TriageReport, in root: String) -> [PagePicture] {
    report.inputs.filter(\.used).compactMap { input in
      let image = TriageReport.Evidence(input.sopInstanceUID, frame: input.frame)
      let name = name(image, of: report.subject.studyInstanceUID)
      let path = root + "/" + name
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      guard attributes?[.type] as? FileAttributeType == .typeRegular, let size = attributes?[.size] as? Int else {
        return nil
      }
      return PagePicture(image: image, file: name, byteCount: size) {
        (try? Data(contentsOf: URL(filePath: path))).map { Array($0) }.flatMap { $0.starts(with: signature) ? $0 : nil }
      }
    }
  }

  /// Of every PNG (ISO/IEC 15948, 5.2).
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
}

extension StudyEvidence {
  /// Puts the pictures of the scored images in their places, and takes away those of an earlier run.
  func publishPictures(_ batch: PublishingBatch, in folder: OutputFolder) throws {
    let study = study.studyInstanceUID
    let place = StudyPictures.folder(of: study)
    let old = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/\(place)")) ?? []
    folder.withdraw(old.filter { $0.hasSuffix(".png") && !$0.hasPrefix(".") }.map { "\(place)/\($0)" })
    for outcome in outcomes {
      guard case .scored = outcome.result, let picture = outcome.picture else { continue }
      let image = TriageReport.Evidence(outcome.task.instance, frame: outcome.task.frame)
      try batch.add(StudyPictures.name(image, of: study)) { try SystemCall.write(picture, to: $0) }
    }
  }
}
