internal import DICOMFiles
internal import Foundation

extension SampleStudies {
  /// Writes `studies/` and `ground-truth.csv` into `directory`, the same bytes every time; other files stay as they are.
  ///
  /// - Parameter directory: Made where it does not exist. An earlier `studies/` in it is replaced.
  /// - Throws: `DICOMFileError` or an error of the file system.
  package static func write(to directory: String) throws {
    let root = URL(fileURLWithPath: directory, isDirectory: true)
    let studies = root.appendingPathComponent("studies", isDirectory: true)
    let files = FileManager.default
    if files.fileExists(atPath: studies.path) { try files.removeItem(at: studies) }
    var table = [SampleStudy.columns]
    for study in all {
      let folder = studies.appendingPathComponent(study.name, isDirectory: true)
      try files.createDirectory(at: folder, withIntermediateDirectories: true)
      for file in study.files { try file.content.write(to: folder.appendingPathComponent(file.name)) }
      table.append(study.row)
    }
    let text = table.map { $0.joined(separator: ",") + "\n" }.joined()
    try Data(text.utf8).write(to: root.appendingPathComponent("ground-truth.csv"))
  }
}

extension SampleStudy.Content {
  fileprivate func write(to url: URL) throws {
    switch self {
    case .image(let image): try image.write(to: url.path)
    case .truncated(let image, let share):
      try image.write(to: url.path)
      let whole = try Data(contentsOf: url)
      try whole.prefix(Int(Double(whole.count) * share)).write(to: url)
    case .labelledJPEG2000(let image):
      try image.write(to: url.path)
      // The two transfer syntaxes have names of one length, so nothing else moves.
      var bytes = try Data(contentsOf: url)
      let (from, to) = ("1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90")
      if let place = bytes.range(of: Data(from.utf8)) { bytes.replaceSubrange(place, with: Data(to.utf8)) }
      try bytes.write(to: url)
    case .text(let text): try Data(text.utf8).write(to: url)
    }
  }
}
